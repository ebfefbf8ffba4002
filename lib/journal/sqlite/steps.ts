import { setImmediate } from "node:timers";

/** How long one step may hold up the requests of its turn. */
const STEP_MS = 4;

/**
 * Does long work in steps of a few milliseconds, each in a turn of the event loop of its own.
 *
 * @param step Works until the deadline, on the clock of `performance.now()`; `true` when done.
 * @param budgetMs Begins no further step after this time.
 * @returns Whether all was done.
 */
export async function inSteps(
  step: (deadline: number) => boolean,
  budgetMs = Infinity,
): Promise<boolean> {
  const end = performance.now() + budgetMs;
  do {
    if (step(performance.now() + STEP_MS)) return true;
    await new Promise<void>((resolve) => setImmediate(() => resolve()));
  } while (performance.now() < end);
  return false;
}
