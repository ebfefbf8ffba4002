/** Limits how often something starts. */
export interface TokenBucket {
  /** How many may start at a time, in milliseconds of the bucket's clock. */
  available(now: number): number;
  /** Counts what starts. */
  take(count: number): void;
  /** In how many milliseconds the next may start; 0 when it may at once. */
  waitMs(now: number): number;
}

/**
 * Makes a token bucket.
 *
 * @param ratePerSecond How many may start in a second; `null` for as many as there are.
 * @param start What counts as now, in milliseconds of any clock.
 * @param burst How many may start at once after a pause. By default as many as in a tenth of a
 * second, so that a busy second is not much busier than the rate.
 * @returns The bucket, full.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bucket = createTokenBucket(2, 0);
 * assertEquals(bucket.available(0), 1);
 * bucket.take(1);
 * assertEquals(bucket.waitMs(100), 400);
 * assertEquals(bucket.available(500), 1);
 * ```
 */
export function createTokenBucket(
  ratePerSecond: number | null,
  start: number,
  burst?: number,
): TokenBucket {
  if (ratePerSecond === null) {
    return { available: () => Infinity, take: () => {}, waitMs: () => 0 };
  }
  const ratePerMs = ratePerSecond / 1000;
  const capacity = burst ?? Math.max(1, ratePerSecond / 10);
  let tokens = capacity;
  let filledAt = start;

  function fill(now: number): void {
    // A clock that was set back gives nothing, and takes nothing.
    const elapsed = Math.max(0, now - filledAt);
    filledAt = now;
    tokens = Math.min(capacity, tokens + elapsed * ratePerMs);
  }

  return {
    available(now) {
      fill(now);
      return Math.floor(tokens);
    },
    take(count) {
      tokens -= count;
    },
    waitMs(now) {
      fill(now);
      return tokens >= 1 ? 0 : Math.ceil((1 - tokens) / ratePerMs);
    },
  };
}
