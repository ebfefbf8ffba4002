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
  let inside = 0;
  let waiting: (() => void)[] = [];

  return {
    async track(work) {
      inside++;
      try {
        return await work();
      } finally {
        if (--inside === 0) {
          for (const resolve of waiting) resolve();
          waiting = [];
        }
      }
    },
    count: () => inside,
    idle: () => inside === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
  };
}
