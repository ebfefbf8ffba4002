import type { JSX } from "preact";
import { A } from "../parts/links.tsx";
import { Empty, pathWith } from "../parts/parts.tsx";
import { Fill, useNumber, useSay } from "../parts/reader.tsx";
import { cleanText, Outside, Time, Word } from "../parts/values.tsx";
import type { RulesOfEndpoint, RuleWithHits } from "../queries/rules.ts";
import { RULES_TEXTS } from "../texts/deciding.ts";
import { DELIVERIES_TEXTS } from "../texts/deliveries.ts";
import { EDITOR_TEXTS } from "../texts/editing.ts";
import { COMMON_TEXTS, SHELL_TEXTS } from "../texts/shell.ts";
import type { Surroundings } from "./surroundings.ts";

/** The rules of an endpoint in their order, and how often each decided. */
export function RulesPage({ view, around, query, canChange }: {
  readonly view: RulesOfEndpoint;
  readonly around: Pick<Surroundings, "endpoints">;
  readonly query: URLSearchParams;
  /** Whether whoever looks may change the config. */
  readonly canChange: boolean;
}): JSX.Element {
  const say = useSay(RULES_TEXTS);
  const editor = useSay(EDITOR_TEXTS);
  const { endpoint, deliveries, since, lookedBackTo, rules, otherwise, undecided, gone } = view;
  if (!view.decidesByRules) {
    return (
      <>
        <EndpointTabs chosen={endpoint} around={around} />
        <h1>
          <Fill text={say.undecidedTitle} endpoint={endpoint} />
        </h1>
        <p class="lead">
          <A href={pathWith("/deliveries", new URLSearchParams(), { endpoint })}>
            {say.itsDeliveries}
          </A>
        </p>
      </>
    );
  }
  const whole = rules.reduce((sum, { hits }) => sum + hits, otherwise + undecided);
  return (
    <>
      <EndpointTabs chosen={endpoint} around={around} />
      <h1>
        <Fill text={say.title} endpoint={endpoint} />
      </h1>
      <p class="lead">
        <Fill text={say.lead} count={deliveries} time={<Time at={since} />} />{" "}
        {lookedBackTo !== null && <Fill text={say.notAll} time={<Time at={lookedBackTo} />} />}
      </p>
      {canChange && (
        <p class="ask">
          <A class="button" href={`/rules-edit${endpoint}`}>{editor.edit}</A>
        </p>
      )}
      <SpanLinks endpoint={endpoint} query={query} />
      <div class="card flush">
        {rules.length === 0 && (
          <Empty title={say.none}>
            <A href="/docs/rules">{say.howToWrite}</A>
          </Empty>
        )}
        {rules.map((rule) => (
          <RuleBlock key={rule.name} rule={rule} endpoint={endpoint} whole={whole} />
        ))}
        {whole > 0 && (
          <div class="rule">
            <div class="line">
              <span>
                {say.otherwise} <code>otherwise</code>
              </span>
              <Hits count={otherwise} whole={whole} to={hitsOf(endpoint, "otherwise")} />
            </div>
          </div>
        )}
        {undecided > 0 && (
          <div class="rule">
            <div class="line">
              <Word tone="warn">{say.undecided}</Word>
              <Hits count={undecided} whole={whole} />
            </div>
          </div>
        )}
      </div>
      {gone.length > 0 && (
        <>
          <h2>{say.gone}</h2>
          <ul class="card stack">
            {gone.map(({ name, hits }) => (
              <li class="line" key={name}>
                <Outside text={name} />
                <span class="push soft">
                  <Fill text={say.hits} count={hits} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function EndpointTabs({ chosen, around }: {
  readonly chosen: string;
  readonly around: Pick<Surroundings, "endpoints">;
}): JSX.Element {
  const shell = useSay(SHELL_TEXTS);
  const decided = around.endpoints.filter(({ path, rules }) => rules.length > 0 || path === chosen);
  return (
    <nav class="tabs ask" aria-label={shell.rules}>
      {decided.map(({ path }) => (
        <A key={path} href={`/rules${path}`} aria-current={path === chosen ? "page" : undefined}>
          <bdi>{path}</bdi>
        </A>
      ))}
    </nav>
  );
}

function SpanLinks({ endpoint, query }: {
  readonly endpoint: string;
  readonly query: URLSearchParams;
}): JSX.Element {
  const say = useSay(DELIVERIES_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const chosen = query.get("since") ?? "7d";
  const spans = [["24h", say.lastDay], ["7d", say.lastWeek], ["30d", say.lastMonth], [
    "90d",
    say.lastQuarter,
  ]] as const;
  return (
    <nav class="tabs ask" aria-label={common.time}>
      {spans.map(([since, name]) => (
        <A
          key={since}
          href={pathWith(`/rules${endpoint}`, query, { since })}
          aria-current={since === chosen ? "true" : undefined}
        >
          {name}
        </A>
      ))}
    </nav>
  );
}

function hitsOf(endpoint: string, rule: string): string {
  return pathWith("/deliveries", new URLSearchParams(), { endpoint, rule });
}

function RuleBlock({ rule, endpoint, whole }: {
  readonly rule: RuleWithHits;
  readonly endpoint: string;
  readonly whole: number;
}): JSX.Element {
  const say = useSay(RULES_TEXTS);
  const { name, when, hits, failures, lastHitAt, isNeverHit } = rule;
  return (
    <div class="rule">
      <div class="line">
        <h2 class="flat">
          <Outside text={name} />
        </h2>
        {isNeverHit
          ? <Word tone="warn">{say.neverHit}</Word>
          : <Hits count={hits} whole={whole} to={hitsOf(endpoint, name)} />}
      </div>
      {when !== null && <pre class="mono">{cleanText(when)}</pre>}
      {(lastHitAt !== null || failures > 0) && (
        <div class="small soft line">
          {lastHitAt !== null && (
            <span>
              <Fill text={say.last} time={<Time at={lastHitAt} form="away" />} />
            </span>
          )}
          {failures > 0 && (
            <Word tone="warn">
              <Fill text={say.failures} count={failures} />
            </Word>
          )}
        </div>
      )}
    </div>
  );
}

/** How often something decided, as a number, a share and a bar. */
function Hits({ count, whole, to }: {
  readonly count: number;
  readonly whole: number;
  readonly to?: string;
}): JSX.Element {
  const say = useSay(RULES_TEXTS);
  const number = useNumber();
  const share = whole === 0 ? 0 : count / whole;
  const text = <Fill text={say.hits} count={count} />;
  return (
    <span class="hits">
      {to === undefined ? text : <A href={to}>{text}</A>}
      <span class="soft small">
        {say.share.replace("{percent}", number(share * 100, share < 0.1 ? 1 : 0))}
      </span>
      <meter value={share} min={0} max={1} aria-hidden="true" />
    </span>
  );
}
