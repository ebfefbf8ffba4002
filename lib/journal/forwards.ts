import type { Attempt, Forward, ForwardState, Outbox } from "../forward/outbox.ts";
import type { TimeBehind } from "./delivery_filter.ts";
import type { EventSummary, KeptEvent } from "./events.ts";

/** What stands in a list of forwards. */
export interface ForwardSummary extends ForwardStatus {
  readonly event: EventSummary;
}

/** A forward with its event and its attempts. */
export interface ForwardDetails extends ForwardStatus {
  readonly event: KeptEvent;
  /** The newest attempts, oldest of them first; at most `ATTEMPTS_KEPT`. */
  readonly history: readonly Attempt[];
}

/** Which forwards are meant; every field that is given must hold. */
export interface ForwardFilter {
  readonly state?: ForwardState;
  readonly destination?: string;
  readonly eventId?: string;
  /** Put into the outbox at this time or later, in milliseconds since the epoch. */
  readonly since?: number;
  /** Put into the outbox before this time, in milliseconds since the epoch. */
  readonly until?: number;
}

/** Which part of a list of forwards is wanted. */
export interface ForwardListOptions extends ForwardFilter {
  /** The length of a page; 50 unless given. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

/** A part of a list of forwards, newest first. */
export interface ForwardPage {
  readonly forwards: readonly ForwardSummary[];
  /** Continues the list; `null` behind its end. */
  readonly next: string | null;
}

/** What is not done at one destination. */
export interface OutboxCounts {
  readonly waiting: number;
  readonly failed: number;
  /** How many bytes those that wait take, roughly. */
  readonly waitingBytes: number;
  /** When the oldest that waits was put into the outbox, in milliseconds since the epoch. */
  readonly oldestWaitingAt: number | null;
}

/** How many forwards are kept, by where they stand. */
export type ForwardCounts = Readonly<Record<ForwardState, number>>;

/** Forwards by what they have in common, or by their ids. */
export type ForwardSelection = ForwardFilter | readonly string[];

/**
 * Tells ids from a filter.
 *
 * @param selection Either.
 * @returns Whether it is ids.
 */
export function isIds(selection: ForwardSelection): selection is readonly string[] {
  return Array.isArray(selection);
}

/**
 * Narrows a selection to what can be sent again: a further forward is none that is meant.
 *
 * @param selection Which forwards.
 * @param now What counts as now, in milliseconds since the epoch.
 * @returns The delivered ones among them that were put into the outbox before now.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(deliveredBefore({ destination: "erp" }, 5), {
 *   destination: "erp",
 *   state: "delivered",
 *   until: 5,
 * });
 * assertEquals(deliveredBefore(["0199"], 5), ["0199"]);
 * ```
 */
export function deliveredBefore(selection: ForwardSelection, now: number): ForwardSelection {
  if (isIds(selection)) return selection;
  return { ...selection, state: "delivered", until: Math.min(selection.until ?? now, now) };
}

/** The forwards in a journal. */
export interface JournalOutbox extends Outbox {
  /**
   * Lists forwards, newest first.
   *
   * @throws {SyntaxError} When the cursor is not one.
   */
  list(options?: ForwardListOptions): Promise<ForwardPage>;
  /** Tells when forwards were put into the outbox, and so how densely. */
  readonly timeBehind: TimeBehind;
  /** Finds one forward. */
  get(id: string): Promise<ForwardDetails | undefined>;
  /**
   * Makes forwards due that wait, failed or were cancelled. One that a worker has is not taken
   * from it, and one whose event was erased has nothing left to send. Each begins its destination's
   * schedule anew.
   *
   * @param now What counts as now, in milliseconds since the epoch; the clock unless given.
   * @returns How many are due now.
   * @throws {JournalUnavailable} When that can't be written.
   */
  retry(selection: ForwardSelection, now?: number): Promise<number>;
  /**
   * Sends again what was delivered: beside each forward that is chosen, a further one is put into
   * the outbox, and the first one stays with its attempts. One whose event was erased has nothing
   * left to send.
   *
   * @param now What counts as now, in milliseconds since the epoch; the clock unless given.
   * @returns How many are sent again.
   * @throws {JournalUnavailable} When that can't be written.
   */
  resend(selection: ForwardSelection, now?: number): Promise<number>;
  /** Counts forwards. It looks at every one of them, so it is not for a server. */
  count(filter: ForwardFilter): Promise<number>;
  /**
   * Calls off forwards that wait or failed.
   *
   * @returns How many were called off.
   * @throws {JournalUnavailable} When that can't be written.
   */
  cancel(selection: ForwardSelection): Promise<number>;
  /** Counts what is not done, by destination; one where all is done is missing. */
  counts(): Promise<ReadonlyMap<string, OutboxCounts>>;
  /** Counts all by where they stand. */
  countsByState(): Promise<ForwardCounts>;
}

/** Where a forward stands, without its event. */
export interface ForwardStatus extends Omit<Forward, "event"> {
  /** Until when a worker has it, in milliseconds since the epoch; `null` when none took it. */
  readonly leasedUntil: number | null;
  readonly lastAttempt: Attempt | null;
}

/** What an event that waits takes beside its payload, roughly; what is counted in files has it. */
export const WAITING_OVERHEAD_BYTES = 1024;

/** How many attempts of a forward are kept. */
export const ATTEMPTS_KEPT = 20;

/** Stands in the place of what a destination said to what was erased. */
export const ERASED = "[erased]";

/**
 * Tells where a forward stands after an attempt. One that was called off or given up meanwhile is
 * not taken up again; but what was delivered was delivered.
 *
 * @param before Where it stood when the attempt came to its end.
 * @param after What is to become of it.
 * @returns Where it stands.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(stateAfter("waiting", "failed"), "failed");
 * assertEquals(stateAfter("cancelled", "waiting"), "cancelled");
 * assertEquals(stateAfter("cancelled", "delivered"), "delivered");
 * ```
 */
export function stateAfter(before: ForwardState, after: ForwardState): ForwardState {
  return before === "waiting" || after === "delivered" ? after : before;
}

/**
 * Tells whether a forward waits for something: an attempt, or somebody who looks into it.
 *
 * @param state Where it stands.
 * @returns Whether it waits or failed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([isNotDone("failed"), isNotDone("delivered")], [true, false]);
 * ```
 */
export function isNotDone(state: ForwardState | undefined): state is "waiting" | "failed" {
  return state === "waiting" || state === "failed";
}

/** Those who want to be told of something. */
export interface Listeners<News = void> {
  /** Adds one, and returns how to end that. */
  readonly add: (listener: (news: News) => void) => () => void;
  readonly announce: (news: News) => void;
}

/**
 * Makes an empty list.
 *
 * @returns The list.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const listeners = createListeners();
 * let told = 0;
 * const end = listeners.add(() => told++);
 * listeners.announce();
 * end();
 * listeners.announce();
 * assertEquals(told, 1);
 * ```
 */
export function createListeners<News = void>(): Listeners<News> {
  const listeners = new Set<(news: News) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    announce: (news) => listeners.forEach((listener) => listener(news)),
  };
}

/** What is older when it is recorded stood in a spool: it keeps the place of when it came. */
const FRESH_MS = 10_000;
/** A clock that was ahead by more was wrong, and is not gone by. */
const MOST_BEHIND_MS = 3_600_000;

/**
 * Tells where a new forward comes to stand: never before one that was recorded before it, though the
 * clock was set back since, or that of another instance is ahead.
 *
 * @param createdAt When it was made, in milliseconds since the epoch.
 * @param newest When the newest before it was; `undefined` where there is none.
 * @param now What counts as now.
 * @returns By which time it stands in order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(placeInOrder(5000, 6000, 5001), 6000);
 * assertEquals(placeInOrder(5000, 4000, 5001), 5000);
 * assertEquals(placeInOrder(5000, 6000, 60_000), 5000);
 * ```
 */
export function placeInOrder(createdAt: number, newest: number | undefined, now: number): number {
  const isFresh = createdAt > now - FRESH_MS;
  const behind = (newest ?? createdAt) - createdAt;
  return isFresh && behind > 0 && behind <= MOST_BEHIND_MS ? createdAt + behind : createdAt;
}
