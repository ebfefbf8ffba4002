/** Into how many parts the time is divided. */
const PARTS = 50;

/**
 * Calls a function when somebody else has had their time. It counts the time in which they could
 * have been heard: while this process is busy, what they sent waits, and that is not their fault.
 * So the time passes in small parts, and one that lasts longer than it should counts once.
 *
 * @param timeoutMs How long they have, in milliseconds.
 * @param onOver Called once, unless it was ended before.
 * @returns Ends the countdown.
 *
 * @example
 * ```ts
 * const over = Promise.withResolvers<void>();
 * const end = startCountdown(10, over.resolve);
 * await over.promise;
 * end();
 * ```
 */
export function startCountdown(timeoutMs: number, onOver: () => void): () => void {
  const parts = Math.min(PARTS, Math.ceil(timeoutMs));
  let passed = 0;
  const timer = setInterval(() => {
    if (++passed < parts) return;
    clearInterval(timer);
    onOver();
  }, timeoutMs / parts);
  return () => clearInterval(timer);
}
