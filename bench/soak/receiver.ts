/** What takes the forwards, and fails as receivers do. */
import * as z from "zod";

const forwarded = z.object({ data: z.object({ id: z.string() }) });

/** A receiver that fails from time to time. */
export interface FailingReceiver extends AsyncDisposable {
  readonly url: string;
  /** The ids of all that was answered with a 204. */
  readonly taken: ReadonlySet<string>;
  /** How often it failed. */
  readonly failures: () => number;
}

/** In each round it takes what comes, then fails in every way, one after another. */
const ROUND_MS = 30_000;
const FAILING_MS = 6000;
const HOLD_MS = 500;

/** Starts a receiver on a free port. */
export function startFailingReceiver(): FailingReceiver {
  const taken = new Set<string>();
  let failures = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const body: unknown = await request.json();
      const at = Date.now() % ROUND_MS;
      if (at < FAILING_MS) {
        failures++;
        return await fail(Math.floor(at / (FAILING_MS / 3)));
      }
      const event = forwarded.safeParse(body);
      if (event.success) taken.add(event.data.data.id);
      return new Response(null, { status: 204 });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    taken,
    failures: () => failures,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Says that it can't, or to come later, or nothing for a while. */
async function fail(way: number): Promise<Response> {
  if (way === 0) return new Response("down", { status: 503 });
  if (way === 1) return new Response(null, { status: 429, headers: { "Retry-After": "1" } });
  await new Promise((resolve) => setTimeout(resolve, HOLD_MS));
  return new Response(null, { status: 500 });
}
