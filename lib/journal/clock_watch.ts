/** What a journal knows of the clock, to be kept in it. */
export interface ClockRecord {
  /** The newest time that was believed, in milliseconds since the epoch. */
  readonly trustedAt: number;
  /** For how long a time far ahead of it was seen since then, in milliseconds. */
  readonly seenMs: number;
}

/** What a look at the clock found. */
export interface ClockLook {
  /** Whether what is old by this clock may be taken for old. */
  readonly trusted: boolean;
  readonly record: ClockRecord;
  /** What is new: it is ahead or went back by so much, was set right, or is believed from now on. */
  readonly finding?: {
    readonly kind: "ahead" | "back" | "right" | "believed";
    readonly byMs: number;
  };
}

/** A clock whose word is weighed before anything is removed for its age. */
export interface ClockWatch {
  /**
   * Looks at the clock.
   *
   * @param now What it shows, in milliseconds since the epoch.
   * @param offsetMs By how much it jumped since the process began, as `watchClockJumps()` tells.
   * @returns What was found.
   */
  look(now: number, offsetMs: number): ClockLook;
}

const HOUR_MS = 3_600_000;
/** A clock that drifts, or a machine that slept for a while, differs by less. */
const TOLERANCE_MS = HOUR_MS;
/** A server that was stopped for longer is not told from a clock that is ahead. */
export const MAX_STOP_MS = 24 * HOUR_MS;
/** For so long a server must have seen a time that is far ahead before it is believed. */
export const CLOCK_SEEN_MS = 24 * HOUR_MS;

/**
 * Judges whether a clock can be believed. One that is wrong by 100 days would make all that there is too old,
 * and once removed it does not come back when the clock is set right; so a time that is far ahead is
 * believed only once it was seen for a day, however often the server is started again meanwhile.
 *
 * @param kept What the journal knows of the clock.
 * @returns The watch.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const watch = watchClock({ trustedAt: 1000, seenMs: 0 });
 * const jumpMs = 100 * 86_400_000;
 * assertEquals(watch.look(2000, 0).trusted, true);
 * assertEquals(watch.look(3000 + jumpMs, jumpMs).trusted, false);
 * assertEquals(watch.look(4000, 0).trusted, true);
 * ```
 */
export function watchClock(kept: ClockRecord): ClockWatch {
  let { trustedAt, seenMs } = kept;
  let isSuspect = seenMs > 0;
  let last: { readonly now: number; readonly offsetMs: number } | undefined;

  function trust(now: number): void {
    trustedAt = now;
    seenMs = 0;
    isSuspect = false;
  }
  function found(trusted: boolean, finding?: ClockLook["finding"]): ClockLook {
    return {
      trusted,
      record: { trustedAt, seenMs },
      ...(finding === undefined ? {} : { finding }),
    };
  }
  function suspect(now: number): ClockLook {
    // It counts as seen, so that a start right after this one knows of it.
    seenMs = 1;
    isSuspect = true;
    return found(false, { kind: "ahead", byMs: now - trustedAt });
  }

  return {
    look(now, offsetMs) {
      const isFirst = last === undefined;
      const jumpMs = last === undefined ? 0 : offsetMs - last.offsetMs;
      const elapsedMs = last === undefined ? 0 : now - last.now - jumpMs;
      last = { now, offsetMs };
      if (isSuspect) {
        // What it would show now, had it not jumped and had the server never been stopped.
        const aheadMs = now - trustedAt - seenMs - elapsedMs;
        if (aheadMs <= TOLERANCE_MS) {
          trust(now);
          return found(true, { kind: "right", byMs: Math.abs(jumpMs) });
        }
        if (jumpMs > TOLERANCE_MS) return suspect(now);
        seenMs += elapsedMs;
        if (seenMs < CLOCK_SEEN_MS) {
          return found(false, isFirst ? { kind: "ahead", byMs: now - trustedAt } : undefined);
        }
        const byMs = now - trustedAt;
        trust(now);
        return found(true, { kind: "believed", byMs });
      }
      const aheadMs = now - trustedAt - elapsedMs;
      if (aheadMs > (isFirst ? MAX_STOP_MS : TOLERANCE_MS)) return suspect(now);
      trust(now);
      return found(true, aheadMs < -TOLERANCE_MS ? { kind: "back", byMs: -aheadMs } : undefined);
    },
  };
}
