/** Why a delivery was answered as it was: rule by rule, and in a sentence. */
import * as z from "zod/mini";
import type { DeliveryBrief } from "../../../handlers/handler.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import type { ReadValue } from "../../rules/cel/evaluation.ts";
import { decodeJson } from "../../http/json.ts";
import {
  type Decision,
  type RuleEvidence,
  type RuleText,
  type RuleTrace,
  traceOf,
} from "../../rules/decision.ts";
import { evidenceOf, type RuleSight } from "../../rules/evidence.ts";
import { readClauses, type ReasonClause } from "./clauses.ts";

/** A decision with what each rule said. */
export interface ExplainedDecision
  extends Pick<Decision, "subject" | "rule" | "outcome" | "asked" | "timeZone"> {
  readonly trace: readonly RuleTrace[];
}

/**
 * Explains a decision rule by rule.
 *
 * @param decision The decision.
 * @param rules The rules by which it was decided, in order.
 * @param evidence What the rules read.
 * @returns The decision with what each rule said.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { explainDecision } from "./why.ts";
 *
 * const decision = { rule: "large", outcome: { group: 7 }, tried: 1, failures: [] };
 * assertEquals(explainDecision(decision, [{ name: "large" }, { name: "any" }]), {
 *   rule: "large",
 *   outcome: { group: 7 },
 *   trace: [{ rule: "large", state: "matched" }],
 * });
 * ```
 */
export function explainDecision(
  decision: Decision,
  rules: readonly RuleText[],
  evidence?: RuleEvidence,
): ExplainedDecision {
  const { subject, rule, outcome, asked, timeZone } = decision;
  return {
    ...(subject === undefined ? {} : { subject }),
    rule,
    outcome,
    trace: traceOf(decision, rules, evidence),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(asked === undefined ? {} : { asked }),
  };
}

/**
 * Explains decisions rule by rule, with what each rule read.
 *
 * @param sight What the rules of this kind see; `undefined` where it has none.
 * @param body The bytes that were decided.
 * @param rules The rules by which it was decided, in order.
 * @param decisions The decisions.
 */
export function explainDecisions(
  sight: RuleSight | undefined,
  body: Uint8Array,
  rules: readonly RuleText[],
  decisions: readonly Decision[],
): readonly ExplainedDecision[] {
  const evidence = sight === undefined || decisions.length === 0
    ? []
    : evidenceOf(sight, readOrNone(body), rules, decisions);
  return decisions.map((decision, index) => explainDecision(decision, rules, evidence[index]));
}

/** An erased body holds nothing. */
function readOrNone(body: Uint8Array): unknown {
  try {
    return decodeJson(body);
  } catch {
    return undefined;
  }
}

/** Why a delivery was answered as it was. */
export interface Reason {
  /** One sentence in English, without a period. */
  readonly sentence: string;
  /** What became of it. */
  readonly kind:
    | "decided"
    | "undecided"
    | "refused"
    | "taken in"
    | "failed"
    | "erased"
    | "answered";
  /** The rule that decided it, or the first of its items; `otherwise` where none matched. */
  readonly rule?: string;
  /** The parts of that rule's condition, where it is plain enough to be told in words. */
  readonly clauses?: readonly ReasonClause[];
  /** What it read beside those. */
  readonly values?: readonly ReadValue[];
}

/**
 * Says why a delivery was answered as it was.
 *
 * @param delivery The delivery.
 * @param brief What it was about.
 * @param decisions Its decisions, explained.
 * @returns A sentence, and what it is made of.
 */
export function reasonOfDelivery(
  delivery: Pick<StoredDelivery, "status" | "verifiedBy" | "note" | "erasedAt" | "answer">,
  brief: DeliveryBrief,
  decisions: readonly ExplainedDecision[],
): Reason {
  const { status, verifiedBy, note, erasedAt } = delivery;
  const answer = brief.answer === undefined ? {} : { answer: brief.answer };
  const reason = (parts: Omit<Reason, "sentence">, more: Partial<SaidOfDelivery> = {}): Reason => ({
    sentence: sentenceOf({ ...parts, ...answer, status, ...more }),
    ...parts,
  });
  if (erasedAt !== null) return reason({ kind: "erased" });
  if (verifiedBy === null) {
    return reason({ kind: "refused" }, whyOf(note ?? messageOfAnswer(delivery.answer)));
  }
  const [first] = decisions;
  if (first === undefined) {
    if (status < 400) return reason({ kind: "taken in" });
    return reason({ kind: "failed" }, whyOf(messageOfAnswer(delivery.answer) ?? note));
  }
  const said = { answer: brief.answer ?? answerInWords(delivery, first) };
  const { rule, trace } = first;
  if (rule === null) return reason({ kind: "undecided" }, said);
  const matched = trace.find(({ state }) => state === "matched");
  const clauses = matched === undefined ? [] : clausesOf(matched, brief);
  const values = matched?.values ?? [];
  return reason({
    kind: status < 400 ? "decided" : "failed",
    rule,
    ...(clauses.length === 0 ? {} : { clauses }),
    ...(values.length === 0 ? {} : { values }),
  }, { ...said, isOtherwise: matched === undefined, others: decisions.length - 1 });
}

function whyOf(why: string | undefined): Pick<SaidOfDelivery, "why"> {
  return why === undefined ? {} : { why };
}

/** What the sentence is made of. */
interface SaidOfDelivery extends Omit<Reason, "sentence"> {
  readonly status: number;
  /** What was answered, in words. */
  readonly answer?: string;
  /** What was told to whoever sent it, where that says why. */
  readonly why?: string;
  /** Whether no rule matched, and what stands behind them decided. */
  readonly isOtherwise?: boolean;
  /** How many more were decided, each on its own. */
  readonly others?: number;
}

/**
 * Writes why a delivery was answered as it was.
 *
 * @param said What is said of it.
 * @returns One sentence in English, without a period.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const said = { kind: "decided", rule: "large orders", status: 200, answer: "approved" } as const;
 * assertEquals(sentenceOf(said), "Approved: rule large orders");
 * ```
 */
export function sentenceOf(said: SaidOfDelivery): string {
  const { kind, rule, status, clauses = [], values = [], isOtherwise = false, others = 0 } = said;
  const why = said.why === undefined ? "" : `: ${withoutPeriod(said.why)}`;
  if (kind === "erased") return "What a person sent was erased from it";
  if (kind === "refused") return `Refused with ${status}${why}`;
  if (kind === "taken in") return capital(said.answer ?? "Taken in, no rule was asked");
  const answer = capital(said.answer ?? `answered ${status}`);
  if (kind === "undecided") return `${answer}: no rule says what to do`;
  if (rule === undefined) return `Answered ${status}${why}`;
  const because = clauses.length > 0
    ? clauses.map(describeClause).join(", ")
    : values.slice(0, 3).map(({ path, value }) => `${lastPart(path)} ${String(value)}`).join(", ");
  const by = isOtherwise ? "no rule matched" : `rule ${rule}`;
  const more = others > 0 ? `, and ${others} more decided` : "";
  return `${answer}: ${because === "" ? by : `${because}, ${by}`}${more}`;
}

function clausesOf(
  { when, values = [] }: RuleTrace,
  brief: DeliveryBrief,
): readonly ReasonClause[] {
  return (when === undefined ? undefined : readClauses(when, values, brief.total)) ?? [];
}

function describeClause({ path, relation, limit, value }: ReasonClause): string {
  const field = lastPart(path);
  if (relation === "holds" || relation === "does not hold") return `${field} ${relation}`;
  if (relation === "is") return `${field} is ${value}`;
  const is = /^(?:over|under|at )/.test(relation) ? "is " : "";
  return `${field} ${value} ${is}${relation} ${limit}`;
}

/** `order.user.firstName` in words: first name. */
function lastPart(path: string): string {
  const name = path.split(".").at(-1) ?? path;
  return name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

function answerInWords(
  { status, answer }: Pick<StoredDelivery, "status" | "answer">,
  { outcome }: ExplainedDecision,
): string {
  if (status < 400) return outcome === null ? "answered" : `answered ${JSON.stringify(outcome)}`;
  const message = messageOfAnswer(answer);
  return `answered ${status}${message === undefined ? "" : `, “${withoutPeriod(message)}”`}`;
}

const errorAnswer = z.object({ message: z.string() });
const LONGEST_MESSAGE = 300;

/** What an error says to people, of an answer that is one. */
function messageOfAnswer(answer: Uint8Array): string | undefined {
  if (answer.length > 16_384) return undefined;
  const { data } = errorAnswer.safeParse(readOrNone(answer));
  return data?.message.slice(0, LONGEST_MESSAGE).toWellFormed();
}

function withoutPeriod(text: string): string {
  return text.replace(/\.$/, "");
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
