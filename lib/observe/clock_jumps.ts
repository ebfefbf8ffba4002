import { log } from "./log.ts";

/** Less than this the two clocks may drift apart, or one be corrected. */
const LEAST_MS = 60_000;

/** Notices when the clock was set. */
export interface ClockJumps {
  /**
   * Looks, and tells by how much the clock was set since the beginning, in milliseconds: positive
   * when it was set forward.
   */
  offsetMs(): number;
}

/**
 * Watches the clock by another one that nobody sets. A jump is logged by whoever looks first.
 *
 * @param now Tells the time, in milliseconds since the epoch.
 * @param monotonic Tells the time, in milliseconds since any time; it is never set.
 * @returns The watch.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * let now = 0;
 * let monotonic = 0;
 * const jumps = watchClockJumps(() => now, () => monotonic);
 * now = monotonic = 500_000;
 * assertEquals(jumps.offsetMs(), 0);
 * now += 3_600_000;
 * assertEquals([jumps.offsetMs(), jumps.offsetMs()], [3_600_000, 3_600_000]);
 * ```
 */
export function watchClockJumps(
  now: () => number = Date.now,
  monotonic: () => number = () => performance.now(),
): ClockJumps {
  let difference = now() - monotonic();
  let offset = 0;
  return {
    offsetMs() {
      const jump = Math.round(now() - monotonic() - difference);
      if (Math.abs(jump) < LEAST_MS) return offset;
      difference += jump;
      offset += jump;
      log.warn("The clock jumped by {seconds} s: it was set, or this machine slept", {
        seconds: Math.round(jump / 1000),
      });
      return offset;
    },
  };
}
