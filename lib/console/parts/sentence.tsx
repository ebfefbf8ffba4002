/** What was answered and why, in sentences. */
import type { ComponentChildren, JSX } from "preact";
import type { DeliveryBrief } from "../../../handlers/handler.ts";
import type { DeliverySummary } from "../../journal/delivery.ts";
import type { RuleTrace } from "../../rules/decision.ts";
import type { ExplainedDecision } from "../queries/why.ts";
import { ANSWER_TEXTS, FIELD_TEXTS, REASON_TEXTS, SHORT_ANSWER_TEXTS } from "../texts/why.ts";
import { readClauses, type ReasonClause, type Relation } from "../queries/clauses.ts";
import { placeOfField } from "../docs/places.ts";
import { A } from "./links.tsx";
import { Fill, useReader, useSay } from "./reader.tsx";
import { Duration, Outside, type Tone, Word } from "./values.tsx";

/** What is said of a delivery in short. */
export interface AnsweredDelivery extends Pick<DeliverySummary, "kind" | "status" | "verifiedBy"> {
  readonly decisions: readonly unknown[];
  readonly brief: DeliveryBrief;
}

/** Which sentence tells what was answered: the name of its text. */
type AnswerName = keyof typeof SHORT_ANSWER_TEXTS;

function nameOf({ status, verifiedBy, brief, decisions }: AnsweredDelivery): AnswerName {
  if (verifiedBy === null) return status === 401 ? "signature" : "refused";
  if (status >= 500) return "failed";
  if (status >= 400) return "refused";
  return brief.answered?.what ??
    (status === 204 && decisions.length === 0 ? "takenIn" : "answered");
}

/**
 * Tells how a delivery went.
 *
 * @param delivery The delivery.
 * @returns `bad` where the server failed, `warn` where it refused.
 */
export function toneOf(
  { status, verifiedBy }: Pick<AnsweredDelivery, "status" | "verifiedBy">,
): Tone {
  if (status >= 500) return "bad";
  return verifiedBy === null || status >= 400 ? "warn" : "ok";
}

/** What was answered, in a word or two, for a list. */
export function ShortAnswer({ delivery }: { readonly delivery: AnsweredDelivery }): JSX.Element {
  const say = useSay(SHORT_ANSWER_TEXTS);
  const about = delivery.brief.answered?.about ?? "";
  return (
    <Word tone={toneOf(delivery)}>
      <Fill text={say[nameOf(delivery)]} about={about} />
    </Word>
  );
}

/** What was answered, as a sentence that can head a page. */
export function AnswerSentence({ delivery }: { readonly delivery: AnsweredDelivery }): JSX.Element {
  const say = useSay(ANSWER_TEXTS);
  const name = nameOf(delivery);
  const text = say[name];
  const order = <Subject delivery={delivery} begins={text.startsWith("{order}")} />;
  return <Fill text={text} about={delivery.brief.answered?.about ?? ""} order={order} />;
}

function Subject({ delivery, begins }: {
  readonly delivery: AnsweredDelivery;
  readonly begins: boolean;
}): JSX.Element {
  const say = useSay(ANSWER_TEXTS);
  const { language } = useReader();
  const number = delivery.brief.orders?.[0];
  const text = number === undefined
    ? say.request
    : delivery.kind.endsWith("cart-export")
    ? say.list
    : say.order;
  const written = begins ? text.charAt(0).toLocaleUpperCase(language) + text.slice(1) : text;
  return <Fill text={written} number={number ?? ""} />;
}

/** Why the rules decided so, in a sentence. */
export function ReasonSentence({ decision, brief, rules }: {
  readonly decision: ExplainedDecision;
  readonly brief: DeliveryBrief;
  /** How many rules there were. */
  readonly rules: number;
}): JSX.Element {
  const say = useSay(REASON_TEXTS);
  const { rule, asked } = decision;
  const otherwise = <code>otherwise</code>;
  const deciding = decision.trace.find(({ state }) => state === "matched");
  return (
    <>
      {rule === null
        ? <Fill text={say.nothing} otherwise={otherwise} />
        : deciding === undefined
        ? rules === 0
          ? <Fill text={say.otherwiseAlone} otherwise={otherwise} />
          : <Fill text={say.otherwise} count={rules} otherwise={otherwise} />
        : <Deciding trace={deciding} brief={brief} />}
      {asked !== undefined && (
        <>
          {" "}
          {asked.failure === undefined
            ? (
              <Fill
                text={say.asked}
                service={<b>{asked.service}</b>}
                time={<Duration ms={asked.durationMs} />}
              />
            )
            : (
              <Fill
                text={say.askedInVain}
                service={<b>{asked.service}</b>}
                failure={asked.failure}
              />
            )}
        </>
      )}
    </>
  );
}

function Deciding({ trace, brief }: {
  readonly trace: RuleTrace;
  readonly brief: DeliveryBrief;
}): JSX.Element {
  const say = useSay(REASON_TEXTS);
  const { when, values = [] } = trace;
  const rule = (
    <b>
      <Outside text={trace.rule} />
    </b>
  );
  const clauses = when === undefined ? undefined : readClauses(when, values, brief.total);
  if (clauses !== undefined) {
    const words = clauses.map((clause, index) => (
      <ClauseWords key={index} clause={clause} isFirst={index === 0} />
    ));
    return <Fill text={say.decidedBy} clauses={<>{joined(words, say.and)}</>} rule={rule} />;
  }
  const read = values.filter(({ isDescription }) => isDescription !== true).slice(0, 3);
  if (read.length === 0) return <Fill text={say.decidedByPlain} rule={rule} />;
  const shown = read.map(({ path, value }) => (
    <span key={path}>
      <code>{path}</code> = <Outside text={String(value)} most={60} />
    </span>
  ));
  return <Fill text={say.decidedByRead} rule={rule} values={<>{joined(shown, ", ")}</>} />;
}

function joined(parts: readonly ComponentChildren[], between: string): ComponentChildren[] {
  return parts.flatMap((part, index) => index === 0 ? [part] : [between, part]);
}

/** The text that tells of a relation. */
const RELATION_TEXTS = {
  "over": "over",
  "at least": "atLeast",
  "under": "under",
  "at most": "atMost",
  "is": "is",
  "is not": "isNot",
  "is one of": "isOneOf",
  "contains": "contains",
  "begins with": "begins",
  "ends with": "ends",
  "holds": "holds",
  "does not hold": "holdsNot",
} as const satisfies Readonly<Record<Relation, keyof typeof REASON_TEXTS>>;

function ClauseWords({ clause, isFirst }: {
  readonly clause: ReasonClause;
  readonly isFirst: boolean;
}): JSX.Element {
  const say = useSay(REASON_TEXTS);
  const { relation, path, value, limit } = clause;
  return (
    <Fill
      text={say[RELATION_TEXTS[relation]]}
      field={<FieldName path={path} isFirst={isFirst} />}
      value={
        <b>
          <Outside text={value === "" ? '""' : value} most={60} />
        </b>
      }
      limit={
        <b>
          <Outside text={limit === "" ? '""' : limit} most={80} />
        </b>
      }
    />
  );
}

/** A field that people have a word for is called by it; the rule's own name is a hover away. */
function FieldName({ path, isFirst }: {
  readonly path: string;
  readonly isFirst: boolean;
}): JSX.Element {
  const say = useSay(FIELD_TEXTS);
  const { language } = useReader();
  const last = path.split(".").at(-1) ?? path;
  if (!isKnown(last)) {
    return (
      <A class="quiet" href={placeOfField(path)}>
        <code>{path}</code>
      </A>
    );
  }
  const word = say[last];
  const shown = isFirst ? word.charAt(0).toLocaleUpperCase(language) + word.slice(1) : word;
  return <A class="quiet" href={placeOfField(path)} title={path}>{shown}</A>;
}

function isKnown(name: string): name is keyof typeof FIELD_TEXTS {
  return Object.hasOwn(FIELD_TEXTS, name);
}
