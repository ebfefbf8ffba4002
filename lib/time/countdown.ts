/** Into how many parts the time is divided. */
const PARTS = 50;

/** Those who have the same time, on one timer: one for each would be a timer for each request. */
interface Clock {
  readonly timer: ReturnType<typeof setInterval>;
  /** Every one by the parts that have begun since it started. */
  readonly running: Map<() => void, number>;
}

const clocks = new Map<number, Clock>();

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
  const clock = clocks.get(timeoutMs) ?? startClock(timeoutMs);
  // Of its own, so that the same function may be given twice.
  const over = () => onOver();
  clock.running.set(over, 0);
  return () => end(timeoutMs, clock, over);
}

function startClock(timeoutMs: number): Clock {
  const parts = Math.min(PARTS, Math.ceil(timeoutMs));
  const running: Clock["running"] = new Map();
  const timer = setInterval(() => {
    for (const [over, begun] of running) {
      // The part in which it started was not a whole one.
      if (begun < parts) {
        running.set(over, begun + 1);
        continue;
      }
      end(timeoutMs, clock, over);
      over();
    }
  }, timeoutMs / parts);
  const clock = { timer, running };
  clocks.set(timeoutMs, clock);
  return clock;
}

function end(timeoutMs: number, { timer, running }: Clock, over: () => void): void {
  if (!running.delete(over) || running.size > 0) return;
  clearInterval(timer);
  clocks.delete(timeoutMs);
}
