/** Knows which requests are being answered. */
export interface InFlight {
  /** Runs what answers a request, and remembers it until the answer is there. */
  track(answering: () => Response | Promise<Response>): Promise<Response>;
  /** How many requests are being answered. */
  count(): number;
  /** Resolves when every request that came is answered, those that came meanwhile too. */
  idle(): Promise<void>;
}

/**
 * Remembers which requests are being answered.
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
  const inside = new Set<Promise<Response>>();

  async function track(answering: () => Response | Promise<Response>): Promise<Response> {
    // Called within a promise, so that what throws at once is a rejection as well.
    const response = Promise.resolve().then(answering);
    inside.add(response);
    try {
      return await response;
    } finally {
      inside.delete(response);
    }
  }

  async function idle(): Promise<void> {
    if (inside.size === 0) return;
    await Promise.allSettled(inside);
    await idle();
  }

  return { track, count: () => inside.size, idle };
}
