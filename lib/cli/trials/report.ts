import { bold, dim, green, yellow } from "@std/fmt/colors";
import { formatCount, printable } from "../terminal/format.ts";
import { formatTimestamp } from "../../util/timestamp.ts";
import { namesOfRules } from "../../rules/decision.ts";
import type { Difference, Ruling, Side } from "../../trials/backtest/compare.ts";
import type { Amounts, Tally } from "../../trials/backtest/tally.ts";

const MOST_SUBJECTS = 5;
const MOST_RULE_CHANGES = 20;
/** Longest piece of an answer, and how much of it stands before the first difference. */
const LONGEST_ANSWER = 200;
const BEFORE_DIFFERENCE = 60;

/**
 * Shows what a backtest counted, in colour when colours are on.
 *
 * @param tally The counts.
 * @returns Lines.
 */
export function describeTally(tally: Tally): string[] {
  const other = tally.otherAnswer === 0 ? dim : yellow;
  const counts: readonly (readonly [count: number, what: string])[] = [
    [tally.same, green("would be answered the same by the same rule")],
    [tally.otherAnswer, other("would be answered otherwise")],
    [tally.otherRule, yellow("would be answered the same by another rule")],
    [tally.wouldAsk, yellow("would ask a service that was not asked then")],
    [tally.erased, "skipped: the data was erased"],
    [tally.unavailable, "skipped: answered 503, since the journal could not be written"],
  ];
  const shown = counts.filter(([count], index) => count > 0 || index < 2);
  const width = Math.max(...shown.map(([count]) => formatCount(count).length));
  return [
    bold(`${formatCount(tally.decided, "delivery", "deliveries")} decided again`),
    ...shown.map(([count, what]) => `  ${formatCount(count).padStart(width)}  ${what}`),
    ...describeWhole(tally),
    ...describeMoved(tally),
    ...describeRuleChanges(tally),
  ];
}

function describeWhole({ oldest, newest, money }: Tally): string[] {
  const amounts = amountsOf(money);
  const lines = [
    ...(oldest === null || newest === null ? [] : [describeSpan(oldest, newest)]),
    ...(amounts === "" ? [] : [`Orders that would be answered otherwise: ${amounts}`]),
  ];
  return lines.length === 0 ? [] : ["", ...lines];
}

function describeSpan(oldest: number, newest: number): string {
  const [from, to] = [formatTimestamp(oldest), formatTimestamp(newest)];
  return from === to ? `Received ${from}` : `Received from ${from} to ${to}`;
}

/** Of few currencies: a store has one or two. */
const MOST_CURRENCIES = 5;

function amountsOf(money: Amounts): string {
  const most = [...money].toSorted(([, a], [, b]) => b - a).slice(0, MOST_CURRENCIES);
  const amounts = most.map(([currency, cents]) => `${formatMoney(cents)} ${printable(currency)}`);
  return amounts.join(", ").trim();
}

function formatMoney(cents: number): string {
  const whole = Math.trunc(Math.abs(cents) / 100);
  const rest = String(Math.abs(cents) % 100).padStart(2, "0");
  return `${cents < 0 ? "-" : ""}${formatCount(whole)}.${rest}`;
}

/**
 * What a backtest counted, for machines.
 *
 * @param tally The counts.
 */
export function tallyRecord({ moved, byRule, money, oldest, newest, ...counts }: Tally) {
  const iso = (time: number | null) => time === null ? null : new Date(time).toISOString();
  return {
    ...counts,
    oldest: iso(oldest),
    newest: iso(newest),
    money: amountsRecord(money),
    moved: [...moved].map(([from, { to, count }]) => ({ from, to, count })),
    byRule: Array.from(byRule.values(), ({ money, ...change }) => ({
      ...change,
      money: amountsRecord(money),
    })),
  };
}

function amountsRecord(money: Amounts): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from(money, ([currency, cents]) => [currency, (cents / 100).toFixed(2)]),
  );
}

function describeMoved({ moved }: Tally): string[] {
  if (moved.size === 0) return [];
  return [
    "",
    bold("Paths that the config has no more"),
    ...[...moved].map(([from, { to, count }]) =>
      `  ${printable(from)}: ${formatCount(count, "delivery", "deliveries")} ` +
      (to === null
        ? "would be answered 404, no endpoint has the kind"
        : `decided by ${to}, which has the same kind`)
    ),
  ];
}

function describeRuleChanges({ byRule }: Tally): string[] {
  const changes = [...byRule.values()].toSorted((a, b) => b.count - a.count);
  if (changes.length === 0) return [];
  const width = formatCount(changes[0]?.count ?? 0).length;
  const lines = changes.slice(0, MOST_RULE_CHANGES).map(({ endpoint, then, now, count, money }) =>
    `  ${formatCount(count).padStart(width)}  ${printable(endpoint)}: ` +
    `${arrow(then, now)}${money.size === 0 ? "" : dim(`  ${amountsOf(money)}`)}`
  );
  const rest = changes.length - lines.length;
  return [
    "",
    bold("By rule"),
    ...lines,
    ...(rest > 0 ? [`  … and ${formatCount(rest, "other pair")} of rules`] : []),
  ];
}

function arrow(then: string, now: string): string {
  if (then !== now) return `${then} → ${now}`;
  return then === "-" ? then : `${then} (the same rule)`;
}

/**
 * Shows a delivery that would be decided otherwise, in colour when colours are on.
 *
 * @param difference What differs.
 * @returns Lines.
 */
export function describeDifference(difference: Difference): string[] {
  const { id, receivedAt, endpoint, then, now, change } = difference;
  const start = firstDifference(then.answer, now.answer);
  return [
    `${bold(id)}  ${formatTimestamp(receivedAt)}  ${printable(endpoint)}`,
    ...describeRules(then.rules, now.rules).map((line) => `  rule  ${line}`),
    ...(change === "rule"
      ? [`  same  ${describeSide(then, 0)}`]
      : [`  then  ${describeSide(then, start)}`, `  now   ${describeSide(now, start)}`]),
  ];
}

function describeSide({ status, answer, asks = [] }: Side, start: number): string {
  if (status === null) return `would ask ${asks.map((name) => JSON.stringify(name)).join(", ")}`;
  const from = answer.length > LONGEST_ANSWER ? Math.max(0, start - BEFORE_DIFFERENCE) : 0;
  const piece = answer.slice(from, from + LONGEST_ANSWER);
  const [before, after] = [from > 0 ? "…" : "", from + piece.length < answer.length ? "…" : ""];
  return `${status} ${dim(`${before}${printable(piece.toWellFormed())}${after}`)}`;
}

function firstDifference(a: string, b: string): number {
  let index = 0;
  while (index < a.length && a[index] === b[index]) index++;
  return index;
}

function describeRules(then: readonly Ruling[], now: readonly Ruling[]): string[] {
  const hasSubjects = [...then, ...now].some(({ subject }) => subject !== undefined);
  if (!hasSubjects) return [arrow(namesOfRules(then), namesOfRules(now))];
  const before = new Map(then.map(({ subject, rule }) => [subject, rule]));
  const after = new Map(now.map(({ subject, rule }) => [subject, rule]));
  const changed = [...new Set([...before.keys(), ...after.keys()])]
    .filter((subject) => before.get(subject) !== after.get(subject));
  if (changed.length === 0) return [arrow(namesOfRules(then), namesOfRules(now))];
  const name = (rule: string | null | undefined) => rule === undefined ? "-" : rule ?? "no rule";
  const lines = changed.slice(0, MOST_SUBJECTS).map((subject) =>
    `item ${printable(subject ?? "")}: ` +
    arrow(name(before.get(subject)), name(after.get(subject)))
  );
  const rest = changed.length - lines.length;
  return rest > 0 ? [...lines, `… and ${formatCount(rest, "other item")}`] : lines;
}
