import type { StoredDelivery } from "../journal/delivery.ts";
import { type Decision, namesOfRules, servicesOf } from "../rules/decision.ts";
import type { Decided } from "./decide_body.ts";

/** What differs: what is answered, or by which rule alone, or a service has to be asked first. */
type Change = "answer" | "rule" | "ask";

/** Which rule decided a subject. */
export type Ruling = Pick<Decision, "subject" | "rule">;

/** What was answered then, or would be now. */
export interface Side {
  /** `null` when a service would be asked that was not asked then. */
  readonly status: number | null;
  readonly rules: readonly Ruling[];
  /** The services to which it is left; absent where there are none. */
  readonly asks?: readonly string[];
  /** The answer's bytes as text. */
  readonly answer: string;
}

/** A delivery that would be decided otherwise. */
export interface Difference {
  readonly id: string;
  /** In milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly endpoint: string;
  readonly change: Change;
  readonly then: Side;
  readonly now: Side;
}

/**
 * Compares what was answered with what would be.
 *
 * @param delivery The recorded delivery.
 * @param now What the config to be tried makes of it.
 * @returns The difference, `undefined` when there is none.
 */
export function compare(delivery: StoredDelivery, now: Decided): Difference | undefined {
  const isSameAnswer = delivery.status === now.status && isSame(delivery.answer, now.body);
  if (isSameAnswer && haveSameRules(delivery.decisions, now.decisions)) return undefined;
  const { id, receivedAt, endpoint } = delivery;
  return {
    id,
    receivedAt,
    endpoint,
    change: now.status === null ? "ask" : isSameAnswer ? "rule" : "answer",
    then: sideOf(delivery.status, delivery.decisions, delivery.answer),
    now: sideOf(now.status, now.decisions, now.body),
  };
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function haveSameRules(a: readonly Decision[], b: readonly Decision[]): boolean {
  return a.length === b.length &&
    a.every(({ subject, rule }, index) => subject === b[index]?.subject && rule === b[index]?.rule);
}

function sideOf(
  status: number | null,
  decisions: readonly Decision[],
  answer: Uint8Array,
): Side {
  const asks = servicesOf(decisions);
  return {
    status,
    ...(asks.length === 0 ? {} : { asks }),
    rules: decisions.map(({ subject, rule }) =>
      subject === undefined ? { rule } : { subject, rule }
    ),
    answer: new TextDecoder().decode(answer),
  };
}

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
interface RuleChange {
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
