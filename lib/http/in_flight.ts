/** Answers a request. */
export type Answering = (request: Request) => Promise<Response>;

/** A function that answers requests, and the knowledge of how many it is at. */
export interface InFlight {
  /** Answers a request, and remembers it until the answer is there. */
  answer(request: Request): Promise<Response>;
  /** Resolves when every request that came is answered, those that came meanwhile too. */
  idle(): Promise<void>;
}

/**
 * Remembers which requests are being answered.
 *
 * @param answering What answers them.
 * @returns The same, remembering.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { answer, idle } = trackInFlight(() => Promise.resolve(new Response("done")));
 * const response = answer(new Request("http://localhost/"));
 * await idle();
 * assertEquals(await (await response).text(), "done");
 * ```
 */
export function trackInFlight(answering: Answering): InFlight {
  const inside = new Set<Promise<Response>>();

  async function answer(request: Request): Promise<Response> {
    const response = answering(request);
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

  return { answer, idle };
}
