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
  /** What is to be told: it went ahead or back by so much, or is believed from now on. */
  readonly news?: { readonly kind: "ahead" | "back" | "believed"; readonly byMs: number };
}

/** A clock that is looked at. */
export interface ClockWatch {
  /**
   * Looks at the clock.
   *
   * @param now What it shows, in milliseconds since the epoch.
   * @param monotonicMs A clock that nobody sets, e.g. `performance.now()`.
   * @returns What was found.
   */
  look(now: number, monotonicMs: number): ClockLook;
}

const HOUR_MS = 3_600_000;
/** A clock that drifts, or a machine that slept for a while, differs by less. */
const TOLERANCE_MS = HOUR_MS;
/** A server that was stopped for longer is not told from a clock that is ahead. */
export const MAX_STOP_MS = 24 * HOUR_MS;
/** For so long a server must have seen a time that is far ahead before it is believed. */
export const CLOCK_SEEN_MS = 24 * HOUR_MS;

/**
 * Watches a clock for jumps. A clock that is wrong by 100 days would make all that there is too old,
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
 * assertEquals(watch.look(2000, 0).trusted, true);
 * assertEquals(watch.look(100 * 86_400_000, 1000).trusted, false);
 * assertEquals(watch.look(4000, 2000).trusted, true);
 * ```
 */
export function watchClock(kept: ClockRecord): ClockWatch {
  let { trustedAt, seenMs } = kept;
  let isSuspect = seenMs > 0;
  let last: { readonly now: number; readonly monotonicMs: number } | undefined;

  function trust(now: number): void {
    trustedAt = now;
    seenMs = 0;
    isSuspect = false;
  }
  function found(trusted: boolean, news?: ClockLook["news"]): ClockLook {
    return { trusted, record: { trustedAt, seenMs }, ...(news === undefined ? {} : { news }) };
  }
  function suspect(now: number): ClockLook {
    // It counts as seen, so that a start right after this one knows of it.
    seenMs = 1;
    isSuspect = true;
    return found(false, { kind: "ahead", byMs: now - trustedAt });
  }

  return {
    look(now, monotonicMs) {
      const elapsedMs = last === undefined ? 0 : monotonicMs - last.monotonicMs;
      const isFirst = last === undefined;
      const jumpMs = last === undefined ? 0 : now - last.now - elapsedMs;
      last = { now, monotonicMs };
      if (isSuspect) {
        // What it would show now, had it not jumped and had the server never been stopped.
        const aheadMs = now - trustedAt - seenMs - elapsedMs;
        if (aheadMs <= TOLERANCE_MS) {
          trust(now);
          return found(true, { kind: "back", byMs: Math.abs(jumpMs) });
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
