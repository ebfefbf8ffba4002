/** A destination, and an attempt to hand an event on to it. */
import { log } from "../observe/log.ts";
import { inSpan, isTracing } from "../observe/trace.ts";
import { onAbort, startCountdown } from "../util/deadline.ts";
import type { Attempt, AttemptOutcome, Forward, Lease, Outbox, Pause } from "./outbox.ts";
import type { Health } from "./health.ts";
import { afterFailure } from "./retry_policy.ts";

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
   * @param signal Aborted when it is called off.
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

/** A destination ends its attempts itself; one that does not is not waited for longer than this. */
export const GRACE_MS = 5000;

/** An attempt that came to an end. */
export interface FinishedAttempt {
  readonly result: AttemptResult;
  readonly startedAt: number;
  readonly durationMs: number;
}

/**
 * Makes one attempt, whatever the destination does: one that throws has failed, and one that does
 * not come back is left alone.
 *
 * @param destination Where to.
 * @param forward What.
 * @param startedAt What counts as now, in milliseconds since the epoch.
 * @param signal Calls it off.
 * @returns What came of it; `undefined` when it was called off.
 */
export async function runAttempt(
  destination: Destination,
  forward: Forward,
  startedAt: number,
  signal: AbortSignal,
): Promise<FinishedAttempt | undefined> {
  const start = performance.now();
  const { promise, resolve } = Promise.withResolvers<AttemptResult>();
  const leave = () => resolve(failedWith("The attempt did not come to an end"));
  // No signal of its own, and no race: a destination makes many attempts in a second.
  const endCountdown = startCountdown(destination.timeoutMs + GRACE_MS, leave);
  const endHearing = onAbort(signal, leave);
  tryOnce(destination, forward, signal).then(resolve);
  const result = await promise;
  endCountdown();
  endHearing();
  if (signal.aborted && !result.delivered) return undefined;
  return { result, startedAt, durationMs: Math.round(performance.now() - start) };
}

/** What attempts at one destination are made with. */
export interface Attempting {
  readonly name: string;
  readonly destination: Destination;
  /** Of the destination. Attempts are written into it. */
  readonly health: Health;
  /** Tells the time, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Gives numbers from 0 up to, but not including, 1. */
  readonly random: () => number;
}

/** An attempt, and what becomes of its forward. */
export interface DecidedAttempt {
  readonly attempt: Attempt;
  readonly outcome: AttemptOutcome;
}

/**
 * Makes one attempt, in a span of its own where there are traces, and draws its consequences.
 *
 * @param attempting What it is made with.
 * @param forward What is handed over.
 * @param signal Calls it off.
 * @returns What became of it; `undefined` when it was called off.
 */
export async function attemptForward(
  { name, destination, health, now, random }: Attempting,
  forward: Forward,
  signal: AbortSignal,
): Promise<DecidedAttempt | undefined> {
  const run = () => runAttempt(destination, forward, now(), signal);
  const finished = await (isTracing ? inSpanOf(name, forward, run) : run());
  if (finished === undefined) return undefined;
  const { result, startedAt, durationMs } = finished;
  const error = result.delivered ? null : result.error;
  const { retryDelaysMs: delaysMs, maxPauseMs } = destination;
  const facts = { forward, result, delaysMs, maxPauseMs, health, now: now(), random: random() };
  return {
    attempt: { startedAt, durationMs, status: result.status, error },
    outcome: decideOutcome(facts),
  };
}

function inSpanOf(
  name: string,
  { id }: Forward,
  run: () => Promise<FinishedAttempt | undefined>,
): Promise<FinishedAttempt | undefined> {
  return inSpan(
    `forward ${name}`,
    { "storehook.destination": name, "storehook.forward_id": id },
    run,
    (ended) => ended?.result.delivered === false ? ended.result.error : undefined,
  );
}

async function tryOnce(
  destination: Destination,
  forward: Forward,
  signal: AbortSignal,
): Promise<AttemptResult> {
  try {
    return await destination.attempt(forward, signal);
  } catch (error) {
    // Its message could hold anything, secrets too.
    return failedWith(`The attempt failed: ${error instanceof Error ? error.name : typeof error}`);
  }
}

/** What decides what becomes of a forward. */
export interface OutcomeFacts {
  readonly forward: Forward;
  readonly result: AttemptResult;
  /** How long to wait after the first failed attempt, the second and so on, in milliseconds. */
  readonly delaysMs: readonly number[];
  /** The longest rest of the destination, in milliseconds. */
  readonly maxPauseMs: number;
  /** Of the destination. The attempt is written into it. */
  readonly health: Health;
  /** What counts as now, in milliseconds since the epoch. */
  readonly now: number;
  /** From 0 up to, but not including, 1. */
  readonly random: number;
}

/**
 * Draws the consequences of an attempt for the forward and for its destination, and logs them.
 *
 * @param facts The attempt, and of what it was.
 * @returns What becomes of the forward.
 */
export function decideOutcome(
  { forward, result, delaysMs, maxPauseMs, health, now, random }: OutcomeFacts,
): AttemptOutcome {
  const attempts = forward.attempts + 1;
  const about = { forward: forward.id, destination: forward.destination, attempts };
  if (result.delivered) {
    health.succeeded();
    log.debug("Forward {forward} was delivered to {destination}", about);
    return { state: "delivered" };
  }
  const { status, error, retryAfter } = result;
  const { outcome, pauseUntil } = afterFailure({
    attempts: attempts - forward.attemptsBefore,
    delaysMs,
    status,
    retryAfter,
    maxPauseMs,
    now,
    random,
  });
  if (pauseUntil !== null && status !== null) {
    giveRest(health, forward.destination, { at: now, until: pauseUntil, status });
  }
  const reason = health.failed(now, status, error);
  if (reason !== null) {
    if (health.disable({ at: now, reason })) tellDisabled(forward.destination, reason, error);
    // Kept whatever its number of attempts, for when the destination is enabled.
    return { state: "waiting", dueAt: now };
  }
  if (outcome.state === "failed") {
    log.warn(
      "Forward {forward} to {destination} is given up after {attempts} attempts: {error}",
      { ...about, error },
    );
  } else {
    log.warn("Attempt {attempts} of forward {forward} to {destination} failed: {error}", {
      ...about,
      error,
    });
  }
  return outcome;
}

function giveRest(health: Health, destination: string, pause: Pause): void {
  const isNew = health.state().paused === null;
  health.pause(pause);
  if (!isNew || pause.until <= pause.at) return;
  log.warn(
    "Destination {destination} gets nothing until {until}, since it answered {status}; " +
      "a retry by hand ends that",
    { destination, until: new Date(pause.until).toISOString(), status: pause.status },
  );
}

function tellDisabled(destination: string, reason: "gone" | "failing", error: string): void {
  const why = reason === "gone" ? "it wants no more events" : "nothing got through for long";
  log.error(
    "Destination {destination} is disabled, {why}; its forwards wait until it is enabled: {error}",
    { destination, why, error },
  );
}

/**
 * Ends leases without an attempt. Where that can't be written, they run out by themselves.
 *
 * @param outbox Where.
 * @param leases Which.
 */
export async function releaseLeases(outbox: Outbox, leases: readonly Lease[]): Promise<void> {
  try {
    await outbox.release(leases);
  } catch (error) {
    log.warn("Cannot end leases, which run out by themselves: {error}", { error });
  }
}
