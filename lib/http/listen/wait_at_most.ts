/**
 * Waits for something, but no longer than a time.
 *
 * @param durationMs How long at most.
 * @param waited What is waited for; what it is rejected with is thrown.
 *
 * @example
 * ```ts
 * await waitAtMost(10_000, Promise.resolve());
 * ```
 */
export async function waitAtMost(durationMs: number, waited: Promise<void>): Promise<void> {
  const deadline = Promise.withResolvers<void>();
  const timer = setTimeout(deadline.resolve, durationMs);
  try {
    await Promise.race([waited, deadline.promise]);
  } finally {
    clearTimeout(timer);
  }
}
