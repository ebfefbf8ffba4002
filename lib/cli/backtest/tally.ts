import { namesOfRules } from "../explain/why.ts";
import type { Change, Difference } from "./compare.ts";

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
 */
export function countMoved(tally: Tally, from: string, to: string | null): void {
  const moved = tally.moved.get(from) ?? { to, count: 0 };
  moved.count++;
  tally.moved.set(from, moved);
}

/**
 * Counts a delivery that was decided again.
 *
 * @param tally The counts.
 * @param difference What differs, `undefined` when nothing does.
 */
export function countDecided(tally: Tally, difference: Difference | undefined): void {
  tally.decided++;
  if (difference === undefined) {
    tally.same++;
    return;
  }
  const counter = {
    answer: "otherAnswer",
    rule: "otherRule",
    ask: "wouldAsk",
  } as const satisfies Record<Change, keyof Tally>;
  tally[counter[difference.change]]++;
  const { endpoint } = difference;
  const [then, now] = [namesOfRules(difference.then.rules), namesOfRules(difference.now.rules)];
  const key = [endpoint, then, now].join("\0");
  const change = tally.byRule.get(key) ?? { endpoint, then, now, count: 0 };
  change.count++;
  tally.byRule.set(key, change);
}
