import { startDeadline } from "../util/deadline.ts";
import { type AttemptResult, type Destination, failedWith } from "./destination.ts";
import type { Forward } from "./outbox.ts";

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
  const deadline = startDeadline(signal, destination.timeoutMs + GRACE_MS);
  const result = await Promise.race([
    tryOnce(destination, forward, deadline.signal),
    whenAborted(deadline.signal),
  ]);
  deadline.end();
  if (signal.aborted && !result.delivered) return undefined;
  return { result, startedAt, durationMs: Math.round(performance.now() - start) };
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

function whenAborted(signal: AbortSignal): Promise<AttemptResult> {
  const { promise, resolve } = Promise.withResolvers<AttemptResult>();
  const notFinished = () => resolve(failedWith("The attempt did not come to an end"));
  signal.addEventListener("abort", notFinished, { once: true });
  if (signal.aborted) notFinished();
  return promise;
}
