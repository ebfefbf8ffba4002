/** How long one step may hold up the requests of its turn. */
export const STEP_MS = 4;

/**
 * Does long work in steps of a few milliseconds, and lets others have their turn between them.
 *
 * @param rest Waits between two steps.
 * @param step Works until the deadline, on the clock of `performance.now()`; `true` when done.
 * @param budgetMs Begins no further step after this time.
 * @returns Whether all was done.
 */
export async function inSteps(
  rest: () => Promise<void>,
  step: (deadline: number) => boolean,
  budgetMs = Infinity,
): Promise<boolean> {
  const end = performance.now() + budgetMs;
  do {
    if (step(performance.now() + STEP_MS)) return true;
    await rest();
  } while (performance.now() < end);
  return false;
}
