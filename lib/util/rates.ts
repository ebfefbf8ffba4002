/** How often something may start, and how much may be wrong. */
import { networkOf } from "./addresses.ts";

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

/** How many of the largest bodies are worked on at once, for an address and for all together. */
const ADDRESS_BURST = 2;
const ALL_BURST = 8;
/** How many bytes with wrong signatures are worked on in a second, after that. */
const ADDRESS_BYTES_PER_SECOND = 131_072;
const ALL_BYTES_PER_SECOND = 1_048_576;
/** An address that was quiet for longer than its bucket takes to fill is forgotten first. */
const MOST_ADDRESSES = 1000;

/** Limits the work that wrong signatures cause. */
export interface FailureBudget {
  /**
   * Takes what a verification may cost.
   *
   * @param address Who asks for it.
   * @param byteCount The size of the body.
   * @param now What counts as now, in milliseconds of the budget's clock.
   * @returns What gives it back, when it was no failure; `undefined` when the budget is used up.
   */
  take(address: string, byteCount: number, now: number): (() => void) | undefined;
}

/**
 * Makes a budget of bytes that come with wrong signatures. It counts bytes and not requests: so
 * whoever sends large ones is held up long before small true ones from the same proxy are.
 *
 * @param maxBytes The largest body that may come.
 * @param start What counts as now, in milliseconds of any clock.
 * @returns The budget, unused.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const budget = createFailureBudget(1_000_000, 0);
 * budget.take("192.0.2.1", 1_500_000, 0);
 * assertEquals(budget.take("192.0.2.1", 1_000_000, 0), undefined);
 * assertEquals(typeof budget.take("192.0.2.2", 1_000_000, 0), "function");
 * ```
 */
export function createFailureBudget(maxBytes: number, start: number): FailureBudget {
  const all = createTokenBucket(ALL_BYTES_PER_SECOND, start, ALL_BURST * maxBytes);
  const byAddress = new Map<string, TokenBucket>();

  function bucketOf(address: string, now: number): TokenBucket {
    const network = networkOf(address);
    const bucket = byAddress.get(network) ??
      createTokenBucket(ADDRESS_BYTES_PER_SECOND, now, ADDRESS_BURST * maxBytes);
    // The one that was used last stands last.
    byAddress.delete(network);
    byAddress.set(network, bucket);
    if (byAddress.size > MOST_ADDRESSES) {
      for (const oldest of byAddress.keys()) {
        byAddress.delete(oldest);
        break;
      }
    }
    return bucket;
  }

  return {
    take(address, byteCount, now) {
      const buckets = [all, bucketOf(address, now)];
      if (buckets.some((bucket) => bucket.available(now) < byteCount)) return undefined;
      for (const bucket of buckets) bucket.take(byteCount);
      return () => {
        for (const bucket of buckets) bucket.take(-byteCount);
      };
    },
  };
}
