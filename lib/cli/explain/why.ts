import { bold, dim, green, red, yellow } from "@std/fmt/colors";
import type { ExplainedDecision } from "../../console/queries/why.ts";
import type { AskedService, RuleTrace } from "../../rules/decision.ts";
import type { ReadValue } from "../../rules/cel/evaluation.ts";
import { printable } from "../terminal/format.ts";

/**
 * Shows decisions rule by rule, in colour when colours are on.
 *
 * @param decisions The decisions.
 * @returns Lines, with an empty one behind each decision.
 */
export function describeDecisions(decisions: readonly ExplainedDecision[]): string[] {
  return decisions.flatMap(({ subject, rule, outcome, trace, asked, timeZone }) => [
    ...(subject === undefined ? [] : [bold(`Item ${printable(subject)}`)]),
    ...trace.flatMap(describeRule),
    ...(timeZone === undefined ? [] : [dim(`  times without a zone are those of ${timeZone}`)]),
    rule === null
      ? `  ${red("nothing decides")}`
      : `  decided by ${JSON.stringify(rule)}: ${JSON.stringify(outcome)}`,
    ...(asked === undefined ? [] : describeAsked(asked)),
    "",
  ]);
}

function describeAsked(asked: AskedService): string[] {
  const { service, attempts, durationMs, said, refusal, failure, onFailure } = asked;
  const name = JSON.stringify(service);
  const tries = attempts > 1 ? `, in ${attempts} attempts` : "";
  const time = attempts === 0 ? "" : ` after ${durationMs} ms${tries}`;
  if (failure !== undefined) {
    const instead = onFailure == null
      ? "nothing takes its place: it has no onFailure"
      : `its onFailure takes its place: ${JSON.stringify(onFailure)}`;
    return [`  ${yellow(`service ${name} ${printable(failure)}${time}`)}`, `  ${instead}`];
  }
  const words = refusal === undefined
    ? `said ${JSON.stringify(said)}`
    : `refused: ${printable(refusal)}`;
  return [`  service ${name} ${words}${time}`];
}

function describeRule({ rule, state, reason, when, note, values = [] }: RuleTrace): string[] {
  const mark = { matched: green, "not matched": dim, failed: yellow }[state];
  const why = reason === undefined ? "" : `: ${printable(reason)}`;
  return [
    `  ${mark(state.padEnd(11))}  ${rule}${why}`,
    ...[when, note].flatMap((text) =>
      text === undefined ? [] : [dim(`    ${printable(text).replaceAll(/\s+/g, " ")}`)]
    ),
    ...values.map((value) => `      ${describeRead(value)}`),
  ];
}

/**
 * Shows a value that a rule read. Text stands without quotes, unless nobody would see it then or
 * take it for something else.
 *
 * @param read The value and where it stands.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { describeRead } from "./why.ts";
 *
 * assertEquals(describeRead({ path: "order.currency", value: "USD" }), "order.currency = USD");
 * assertEquals(describeRead({ path: "order.note", value: "" }), 'order.note = ""');
 * ```
 */
export function describeRead({ path, value, isDescription }: ReadValue): string {
  return `${printable(path)} = ${describeValue(value, isDescription === true)}`;
}

function describeValue(value: ReadValue["value"], isDescription: boolean): string {
  if (typeof value !== "string" || isDescription) return printable(String(value));
  const isClear = /^\S(?:.*\S)?$/.test(value) && !/^[-+\d.]+$/.test(value);
  return isClear ? printable(value) : JSON.stringify(value);
}
