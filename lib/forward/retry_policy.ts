import type { AttemptOutcome } from "./outbox.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * The schedule where a destination has none of its own: some three days. It begins so that what is
 * away for a minute, as a receiver that is started again, costs no more than two.
 */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND,
  15 * SECOND,
  45 * SECOND,
  2 * MINUTE,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** A receiver that asks for more patience than this gets this. */
export const LONGEST_RETRY_AFTER_MS = 24 * HOUR;

const JITTER = 0.1;
/** Answers by which a receiver says that it is asked too much, whatever the event. */
const SLOW_DOWN: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** The rest of a destination that does not say how long it wants to be left alone. */
const PAUSE_MS = MINUTE;
/** Unless a destination sets it: one answer about one event holds back no others for longer. */
export const MAX_PAUSE_MS = 5 * MINUTE;

/** A failed attempt. */
export interface Failure {
  /** How many attempts of the schedule were made, this one included. */
  readonly attempts: number;
  /** How long to wait after the first of them, the second and so on, in milliseconds. */
  readonly delaysMs: readonly number[];
  /** The HTTP status, `null` where there was none. */
  readonly status: number | null;
  /** The text of `Retry-After`, `null` where there was none. */
  readonly retryAfter: string | null;
  /** The longest rest of the destination, in milliseconds. */
  readonly maxPauseMs: number;
  /** What counts as now, in milliseconds since the epoch. */
  readonly now: number;
  /** From 0 up to, but not including, 1. */
  readonly random: number;
}

/** What follows from a failed attempt. */
export interface Retry {
  readonly outcome: AttemptOutcome;
  /**
   * Until when the destination gets nothing at all, in milliseconds since the epoch; `null` when
   * it did not ask for that.
   */
  readonly pauseUntil: number | null;
}

/**
 * Tells when a forward is tried again, and whether its destination needs a rest until then.
 *
 * The delay of the schedule varies by ±10 %, so that what failed together does not come back
 * together. `Retry-After` is a lower bound: one that asks for a second does not use up the
 * attempts within seconds. For this forward it counts up to a day, for the others of the
 * destination no longer than its longest rest.
 *
 * @param failure The attempt.
 * @returns What follows.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const delaysMs = [5000, 300_000];
 * const failure = { attempts: 1, delaysMs, status: 500, retryAfter: null, now: 0, random: 0.5,
 *   maxPauseMs: 300_000 };
 * assertEquals(afterFailure(failure), {
 *   outcome: { state: "waiting", dueAt: 5000 },
 *   pauseUntil: null,
 * });
 * assertEquals(afterFailure({ ...failure, status: 503, retryAfter: "60" }), {
 *   outcome: { state: "waiting", dueAt: 60_000 },
 *   pauseUntil: 60_000,
 * });
 * assertEquals(afterFailure({ ...failure, attempts: 3 }).outcome, { state: "failed" });
 * ```
 */
export function afterFailure(
  { attempts, delaysMs, status, retryAfter, maxPauseMs, now, random }: Failure,
): Retry {
  const wished = retryAfter === null ? null : retryAfterMs(retryAfter, now);
  const asked = Math.min(wished ?? 0, LONGEST_RETRY_AFTER_MS);
  const scheduled = delaysMs[attempts - 1];
  const delay = scheduled === undefined
    ? undefined
    : Math.max(withJitter(scheduled, random), asked);
  const wanted = wished === null ? Math.min(delay ?? Infinity, PAUSE_MS) : asked;
  const pause = Math.min(wanted, maxPauseMs);
  return {
    outcome: delay === undefined ? { state: "failed" } : { state: "waiting", dueAt: now + delay },
    pauseUntil: status !== null && SLOW_DOWN.has(status) ? now + pause : null,
  };
}

function withJitter(delay: number, random: number): number {
  return Math.round(delay * (1 - JITTER + 2 * JITTER * random));
}

/** However many there are: whoever asks for more than can be waited gets the longest. */
const SECONDS = /^\d+$/;
/** The form that senders write, and the two that RFC 9110 has receivers accept. */
const HTTP_DATE =
  /^(?:[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT|[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} [\d:]{8} GMT|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4})$/;

/**
 * Reads a `Retry-After`.
 *
 * @param text The value of the header: seconds, or a date of HTTP.
 * @param now What counts as now, in milliseconds since the epoch.
 * @returns How long to wait, in milliseconds, never less than 0; `null` when it says neither.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const now = Date.UTC(2026, 10, 21, 8, 0, 0);
 * assertEquals(retryAfterMs("120", now), 120_000);
 * assertEquals(retryAfterMs("Sat, 21 Nov 2026 08:01:00 GMT", now), 60_000);
 * assertEquals(retryAfterMs("soon", now), null);
 * ```
 */
export function retryAfterMs(text: string, now: number): number | null {
  if (SECONDS.test(text)) return Number(text) * 1000;
  if (!HTTP_DATE.test(text)) return null;
  const date = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/**
 * Tells how long to leave the journal alone after it could not be used.
 *
 * @param failures How often in a row.
 * @returns The pause, in milliseconds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([1, 2, 3, 100].map(journalPauseMs), [250, 500, 1000, 30_000]);
 * ```
 */
export function journalPauseMs(failures: number): number {
  return Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
}
