/** Knows what is under way. */
export interface InFlight {
  /** Runs something, and remembers it until it has come to its end. */
  track<T>(work: () => T | Promise<T>): Promise<T>;
  /** How much is under way. */
  count(): number;
  /** Resolves when nothing is under way, what came meanwhile included. */
  idle(): Promise<void>;
}

/**
 * Remembers what is under way, e.g. the requests that are being answered.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { track, idle } = trackInFlight();
 * const response = track(() => Promise.resolve(new Response("done")));
 * await idle();
 * assertEquals(await (await response).text(), "done");
 * ```
 */
export function trackInFlight(): InFlight {
  const inside = new Set<Promise<unknown>>();

  async function track<T>(work: () => T | Promise<T>): Promise<T> {
    // Called within a promise, so that what throws at once is a rejection as well; and at once, so
    // that what it tracks itself is under way before anybody asks.
    const result = new Promise<T>((resolve) => resolve(work()));
    inside.add(result);
    try {
      return await result;
    } finally {
      inside.delete(result);
    }
  }

  async function idle(): Promise<void> {
    if (inside.size === 0) return;
    await Promise.allSettled(inside);
    await idle();
  }

  return { track, count: () => inside.size, idle };
}
