import type { Forward } from "./outbox.ts";

/** How fast a destination takes forwards. */
export interface Pacing {
  /** How many attempts run at the same time. */
  readonly concurrency: number;
  /** How many attempts start in a second; `null` for as many as there are. */
  readonly ratePerSecond: number | null;
  /** Whether the events of one subject arrive in order. */
  readonly ordered: boolean;
  /** How long to wait after the first failed attempt, the second and so on, in milliseconds. */
  readonly retryDelaysMs: readonly number[];
  /** The longest rest that it gets when it answers that it is asked too much, in milliseconds. */
  readonly maxPauseMs: number;
}

/** What came of an attempt. */
export type AttemptResult =
  | {
    readonly delivered: true;
    /** The HTTP status, `null` where there is none. */
    readonly status: number | null;
  }
  | {
    readonly delivered: false;
    readonly status: number | null;
    /** What went wrong, in words without secrets and without anything of the event. */
    readonly error: string;
    /** The text of `Retry-After`, where there was one. */
    readonly retryAfter: string | null;
  };

/** Where events are forwarded. */
export interface Destination extends Pacing {
  /** How long an attempt may take, in milliseconds. It ends by itself then. */
  readonly timeoutMs: number;
  /**
   * Makes what it needs, once, before its first attempt. What keeps it from that keeps the attempt
   * from getting through, which tells it.
   *
   * @param wasReached Whether something got there before: what is missing then is away.
   */
  prepare?(wasReached: boolean): Promise<void>;
  /**
   * Tries to hand an event over, once.
   *
   * @param forward What is handed over.
   * @param signal Aborted when nobody waits for the result any more.
   */
  attempt(forward: Forward, signal: AbortSignal): Promise<AttemptResult>;
}

/**
 * Makes the result of an attempt that did not get an answer.
 *
 * @param error What went wrong, in words without secrets.
 * @returns The result.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(failedWith("Cannot reach erp.example: it refuses the connection").status, null);
 * ```
 */
export function failedWith(error: string): AttemptResult {
  return { delivered: false, status: null, error, retryAfter: null };
}
