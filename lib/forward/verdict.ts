import { log } from "../observe/log.ts";
import { afterFailure } from "./pace/backoff.ts";
import type { AttemptResult } from "./destination.ts";
import type { Health } from "./pace/health.ts";
import type { Forward, Pause, Settlement } from "./outbox.ts";

/** What a verdict is given on. */
export interface Verdict {
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
 * @param verdict The attempt.
 * @returns What becomes of the forward.
 */
export function judge(
  { forward, result, delaysMs, maxPauseMs, health, now, random }: Verdict,
): Settlement {
  const attempts = forward.attempts + 1;
  const about = { forward: forward.id, destination: forward.destination, attempts };
  if (result.delivered) {
    health.succeeded();
    log.debug("Forward {forward} was delivered to {destination}", about);
    return { state: "delivered" };
  }
  const { status, error, retryAfter } = result;
  const { settlement, pauseUntil } = afterFailure({
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
    if (health.state().disabled === null) tellDisabled(forward.destination, reason, error);
    health.disable({ at: now, reason });
    // Kept whatever its number of attempts, for when the destination is enabled.
    return { state: "waiting", dueAt: now };
  }
  if (settlement.state === "failed") {
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
  return settlement;
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
