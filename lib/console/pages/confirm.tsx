import type { JSX } from "preact";
import { A } from "../parts/links.tsx";
import { Act, Notice } from "../parts/parts.tsx";
import { Fill, useSay } from "../parts/reader.tsx";
import { cleanText, Code, Time } from "../parts/values.tsx";
import { FORWARD_ACTIONS } from "../queries/change_forwards.ts";
import type { DecidedAgain, ShownPinnedTest } from "../queries/decide_again.ts";
import { DELIVERY_TEXTS } from "../texts/delivery.ts";
import { FORWARD_TEXTS } from "../texts/forwards.ts";
import { COMMON_TEXTS, SHELL_TEXTS } from "../texts/shell.ts";
import { Decisions } from "./decision_table.tsx";

const ASKS = { retry: "askRetry", resend: "askResend", cancel: "askCancel" } as const;
const MEANS = { retry: "retryMeans", resend: "resendMeans", cancel: "cancelMeans" } as const;
const YES = { retry: "yesRetry", resend: "yesResend", cancel: "yesCancel" } as const;

/** Asks before many forwards are changed, with how many they are. */
export function ConfirmPage({ action, forwards, selection, back }: {
  /** The path to which it is sent. */
  readonly action: string;
  readonly forwards: number;
  readonly selection: Readonly<Record<string, unknown>>;
  /** Where to go then. */
  readonly back: string;
}): JSX.Element {
  const say = useSay(FORWARD_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const deed = FORWARD_ACTIONS.find((one) => action.endsWith(`/${one}`)) ?? "retry";
  const names: Readonly<Record<string, string>> = {
    state: common.status,
    destination: say.destination,
    since: common.from,
    until: common.until,
  };
  const narrowed = Object.entries(selection).filter(([, value]) => value !== undefined);
  return (
    <>
      <h1>
        <Fill text={say[ASKS[deed]]} count={forwards} />
      </h1>
      <p class="lead">{say[MEANS[deed]]}</p>
      <p class="ask line">
        {narrowed.map(([name, value]) => (
          <span key={name}>
            <span class="label">{names[name] ?? name}</span> <Narrowed name={name} value={value} />
          </span>
        ))}
      </p>
      <div class="actions">
        {forwards > 0 && (
          <Act to={action} values={{ ...selection, back }} isMain isFirst>
            <Fill text={say[YES[deed]]} count={forwards} />
          </Act>
        )}
        <A class="button" href={back}>{common.notNow}</A>
      </div>
    </>
  );
}

/** A part of what is meant: a time as the reader writes it, anything else as it is. */
function Narrowed({ name, value }: {
  readonly name: string;
  readonly value: unknown;
}): JSX.Element {
  const text = Array.isArray(value) ? value.join(", ") : String(value);
  return name === "since" || name === "until" ? <Time at={text} /> : <code>{cleanText(text)}</code>;
}

/** What today's rules make of a recorded delivery. */
export function DecidedPage({ view }: { readonly view: DecidedAgain }): JSX.Element {
  const say = useSay(DELIVERY_TEXTS);
  const shell = useSay(SHELL_TEXTS);
  const { id, status, answer, decisions, difference } = view;
  return (
    <>
      <p class="crumb">
        <A href="/deliveries">{shell.deliveries}</A> ›{" "}
        <A href={`/deliveries/${id}`}>
          <code>{id}</code>
        </A>
      </p>
      <h1>
        {status === null
          ? say.againAsks
          : difference === undefined
          ? say.againSame
          : <Fill text={say.againOther} status={String(status)} />}
      </h1>
      {difference !== undefined && (
        <div class="ask">
          <Notice tone="warn">
            <p>
              {say.answeredThen} <code>{String(difference.then.status)}</code>
            </p>
          </Notice>
        </div>
      )}
      <Decisions decisions={decisions} />
      {answer !== "" && (
        <section>
          <h2>{say.went}</h2>
          <Code text={answer} label={say.went} />
        </section>
      )}
    </>
  );
}

/** A delivery as a test of rules, to be saved. */
export function PinnedPage({ pinned }: { readonly pinned: ShownPinnedTest }): JSX.Element {
  const say = useSay(DELIVERY_TEXTS);
  const shell = useSay(SHELL_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const { id, test, kept, isOther } = pinned;
  return (
    <>
      <p class="crumb">
        <A href="/deliveries">{shell.deliveries}</A> ›{" "}
        <A href={`/deliveries/${id}`}>
          <code>{id}</code>
        </A>
      </p>
      <h1>{say.pinned}</h1>
      <p class="lead">
        <Fill text={say.pinnedLead} tests={<code>tests</code>} />
      </p>
      {kept.length > 0 && (
        <div class="ask">
          <Notice tone="warn">
            <p>
              <Fill text={say.pinnedKept} kept={<code>{kept.join(", ")}</code>} />
            </p>
          </Notice>
        </div>
      )}
      {isOther && (
        <div class="ask">
          <Notice tone="warn">
            <p>{say.pinnedOther}</p>
          </Notice>
        </div>
      )}
      <div class="actions ask">
        <button type="button" hidden data-copy="test" data-copied={common.copied}>
          {common.copy}
        </button>
        <A class="button plain" href="/docs/rule_tests">{common.readMore}</A>
      </div>
      <pre class="code" id="test" tabindex={0}>{cleanText(JSON.stringify([test], null, 2))}</pre>
    </>
  );
}
