/**
 * Waits for something, but not for ever.
 *
 * @param durationMs How long, in milliseconds.
 * @param waited What is waited for. It goes on when the time is over.
 * @returns Whether it came to its end in time.
 * @throws {unknown} What it was rejected with in time.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await waitAtMost(60_000, Promise.resolve()), true);
 * assertEquals(await waitAtMost(1, new Promise(() => {})), false);
 * ```
 */
export async function waitAtMost(durationMs: number, waited: Promise<unknown>): Promise<boolean> {
  const deadline = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => deadline.resolve(false), durationMs);
  try {
    return await Promise.race([waited.then(() => true), deadline.promise]);
  } finally {
    clearTimeout(timer);
  }
}
