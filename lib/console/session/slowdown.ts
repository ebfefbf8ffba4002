/** Slows down who guesses passwords, in bounded memory. */

/** How failures slow down. */
interface SlowdownOptions {
  /** So many failures cost nothing: anybody mistypes. */
  readonly free: number;
  /** How long the first one after that has to wait; each further one twice as long. */
  readonly firstMs: number;
  readonly mostMs: number;
  /** Without a failure for so long, all of them are forgotten. */
  readonly forgetMs: number;
  /** How many keys are known at most: the one that was used longest ago is forgotten. */
  readonly mostKeys: number;
}

/** Knows who failed how often. */
export interface Slowdown {
  /** Tells how long a key has to wait, in milliseconds; 0 when it may try now. */
  waitMs(key: string, now: number): number;
  /** Notes a failure; it is noted before it is known whether it is one. */
  failed(key: string, now: number): void;
  /** Forgets the failures of a key: it was the right one. */
  succeeded(key: string): void;
}

/**
 * Makes what slows down.
 *
 * @param options How.
 * @returns What does it; nobody has failed yet.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const options = { free: 1, firstMs: 1000, mostMs: 60_000, forgetMs: 900_000, mostKeys: 10 };
 * const slowdown = createSlowdown(options);
 * slowdown.failed("ann", 0);
 * assertEquals(slowdown.waitMs("ann", 0), 0);
 * slowdown.failed("ann", 0);
 * slowdown.failed("ann", 1000);
 * assertEquals(slowdown.waitMs("ann", 1000), 2000);
 * ```
 */
export function createSlowdown(options: SlowdownOptions): Slowdown {
  const { free, firstMs, mostMs, forgetMs, mostKeys } = options;
  const failures = new Map<string, { readonly count: number; readonly at: number }>();

  function known(key: string, now: number) {
    const failure = failures.get(key);
    return failure === undefined || now - failure.at > forgetMs ? undefined : failure;
  }

  return {
    waitMs(key, now) {
      const failure = known(key, now);
      if (failure === undefined || failure.count <= free) return 0;
      const waitMs = Math.min(mostMs, firstMs * 2 ** (failure.count - free - 1));
      return Math.max(0, failure.at + waitMs - now);
    },
    failed(key, now) {
      const count = (known(key, now)?.count ?? 0) + 1;
      // The one that was used last stands last.
      failures.delete(key);
      failures.set(key, { count, at: now });
      if (failures.size <= mostKeys) return;
      for (const oldest of failures.keys()) {
        failures.delete(oldest);
        break;
      }
    },
    succeeded: (key) => void failures.delete(key),
  };
}
