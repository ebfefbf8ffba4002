/** A receiver of forwards that counts. */
import { z } from "zod";
import { serveHttp } from "../e2e/http_server.ts";
import { createChanges } from "../e2e/waits.ts";

/** A receiver that runs. */
export interface CountingReceiver extends AsyncDisposable {
  readonly url: string;
  /** How many different events came. */
  count(): number;
  /** How many requests came. */
  requests(): number;
  /** Waits until so many different events came, for so long. */
  reached(count: number, deadlineMs?: number): Promise<void>;
}

const identified = z.object({ id: z.string() }).or(
  z.object({ order_id: z.string() }).transform(({ order_id }) => ({ id: order_id })),
);

/**
 * Starts a receiver on a free port, which takes each event and tells them apart by the ids in them.
 */
export function startCountingReceiver(): CountingReceiver {
  const ids = new Set<string>();
  let requests = 0;
  const { happened, until } = createChanges();
  const server = serveHttp(async (request) => {
    ids.add(identified.parse(await request.json()).id);
    requests++;
    happened();
    return new Response(null, { status: 204 });
  });
  return {
    url: `${server.url}/hooks`,
    count: () => ids.size,
    requests: () => requests,
    reached: (count, deadlineMs) =>
      until(`${count} events`, () => ids.size >= count, {
        soFar: () => `${ids.size} events in ${requests} requests`,
        ...(deadlineMs !== undefined && { deadlineMs }),
      }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
