import { decodeJson } from "../../http/json.ts";
import {
  type Decision,
  type RuleEvidence,
  type RuleText,
  type RuleTrace,
  traceOf,
} from "../../rules/decision.ts";
import { evidenceOf, type RuleSight } from "../../rules/evidence.ts";

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
