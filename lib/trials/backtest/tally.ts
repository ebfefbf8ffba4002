/** What a backtest counts; several count apart, and their counts are put together. */
import { namesOfRules } from "../../rules/decision.ts";
import type { AnswerChange, Difference } from "./compare.ts";

/** Amounts by their currency, in hundredths. */
export type Amounts = Map<string, number>;

/** How many recorded deliveries were decided again, and what came of it. */
export interface Tally {
  decided: number;
  same: number;
  /** Those that would be answered otherwise. */
  otherAnswer: number;
  /** Those with the same answer, by another rule. */
  otherRule: number;
  /** Those for which a service would be asked that was not asked then. */
  wouldAsk: number;
  /** Those whose body was erased. */
  erased: number;
  /** Those that were answered 503, since the journal could not be written. */
  unavailable: number;
  /** When the oldest and the newest of them were received; `null` when there is none. */
  oldest: number | null;
  newest: number | null;
  /** What the orders cost that would be answered otherwise. */
  readonly money: Amounts;
  /** Deliveries by the path that takes them no more, with the path that does now, if any. */
  readonly moved: Map<string, { readonly to: string | null; count: number }>;
  /** Differing deliveries by endpoint, rules then and rules now. */
  readonly byRule: Map<string, RuleChange>;
}

/** How many deliveries of an endpoint went from one rule to another. */
export interface RuleChange {
  readonly endpoint: string;
  readonly then: string;
  readonly now: string;
  count: number;
  /** What these orders cost. */
  readonly money: Amounts;
}

/** Starts to count. */
export function newTally(): Tally {
  return {
    decided: 0,
    same: 0,
    otherAnswer: 0,
    otherRule: 0,
    wouldAsk: 0,
    erased: 0,
    unavailable: 0,
    oldest: null,
    newest: null,
    money: new Map(),
    moved: new Map(),
    byRule: new Map(),
  };
}

/**
 * Counts a delivery whose path takes it no more.
 *
 * @param tally The counts.
 * @param from The path.
 * @param to The path that takes it now, `null` when none does.
 * @param count How many.
 */
export function countMoved(tally: Tally, from: string, to: string | null, count = 1): void {
  const moved = tally.moved.get(from) ?? { to, count: 0 };
  moved.count += count;
  tally.moved.set(from, moved);
}

const COUNTERS = {
  answer: "otherAnswer",
  rule: "otherRule",
  ask: "wouldAsk",
} as const satisfies Record<AnswerChange, keyof Tally>;

/**
 * Counts a delivery that was decided again.
 *
 * @param tally The counts.
 * @param receivedAt When it was received, in milliseconds since the epoch.
 * @param difference What differs, `undefined` when nothing does.
 */
export function countDecided(
  tally: Tally,
  receivedAt: number,
  difference: Difference | undefined,
): void {
  tally.decided++;
  tally.oldest = Math.min(receivedAt, tally.oldest ?? receivedAt);
  tally.newest = Math.max(receivedAt, tally.newest ?? receivedAt);
  if (difference === undefined) {
    tally.same++;
    return;
  }
  tally[COUNTERS[difference.change]]++;
  const { endpoint, total, change } = difference;
  const [then, now] = [namesOfRules(difference.then.rules), namesOfRules(difference.now.rules)];
  const byRule = ruleChangeOf(tally, { endpoint, then, now });
  byRule.count++;
  const amount = readAmount(total);
  if (amount === undefined || change !== "answer") return;
  add(tally.money, amount.currency, amount.cents);
  add(byRule.money, amount.currency, amount.cents);
}

function ruleChangeOf(
  { byRule }: Tally,
  { endpoint, then, now }: Pick<RuleChange, "endpoint" | "then" | "now">,
): RuleChange {
  const key = [endpoint, then, now].join("\0");
  const found = byRule.get(key);
  if (found !== undefined) return found;
  const made = { endpoint, then, now, count: 0, money: new Map() };
  byRule.set(key, made);
  return made;
}

/** `612.40 USD`; what has another form is no amount. */
function readAmount(text = "") {
  const [, digits, currency] = /^(-?\d{1,15}\.\d\d) ?(.{0,20})$/.exec(text) ?? [];
  if (digits === undefined || currency === undefined) return undefined;
  return { currency, cents: Number(digits.replace(".", "")) };
}

function add(amounts: Amounts, currency: string, cents: number): void {
  amounts.set(currency, (amounts.get(currency) ?? 0) + cents);
}

/**
 * Adds what was counted elsewhere.
 *
 * @param tally The counts.
 * @param other Those of further deliveries.
 */
export function mergeTally(tally: Tally, other: Tally): void {
  for (
    const name of [
      "decided",
      "same",
      "otherAnswer",
      "otherRule",
      "wouldAsk",
      "erased",
      "unavailable",
    ] as const
  ) tally[name] += other[name];
  if (other.oldest !== null) tally.oldest = Math.min(other.oldest, tally.oldest ?? other.oldest);
  if (other.newest !== null) tally.newest = Math.max(other.newest, tally.newest ?? other.newest);
  for (const [currency, cents] of other.money) add(tally.money, currency, cents);
  for (const [from, { to, count }] of other.moved) countMoved(tally, from, to, count);
  for (const change of other.byRule.values()) {
    const own = ruleChangeOf(tally, change);
    own.count += change.count;
    for (const [currency, cents] of change.money) add(own.money, currency, cents);
  }
}
