import { join } from "@std/path";
import { newDeliveryId } from "../../lib/journal/delivery.ts";
import type { EventToRecord } from "../../lib/journal/events.ts";
import type { Journal } from "../../lib/journal/journal.ts";
import { openPostgresJournal } from "../../lib/journal/postgres/open.ts";
import { startCluster } from "../../tests/postgres/cluster.ts";
import { createChanges } from "../../tests/e2e/waits.ts";
import { type Server, startStorehook } from "../storehook.ts";

/** As many as instances at most: one at a time has each. */
const DESTINATIONS = ["one", "two", "three"];
const EVENTS_AT_ONCE = 100;
const encoder = new TextEncoder();

/** Answers at once, and tells how many came. */
function startCounter() {
  const { happened, until } = createChanges();
  let count = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      await request.body?.cancel();
      count++;
      happened();
      return new Response(null, { status: 204 });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    /** Waits until so many more came. */
    async further(wanted: number): Promise<void> {
      const target = count + wanted;
      await until(`${wanted} forwards`, () => count >= target, { deadlineMs: 300_000 });
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Has as many forwards wait as are measured, of each destination as many. */
async function fill(journal: Journal, forwards: number): Promise<void> {
  const receivedAt = Date.now();
  for (let done = 0; done < forwards; done += EVENTS_AT_ONCE) {
    const events = Array.from({ length: EVENTS_AT_ONCE }, (_, index): EventToRecord => {
      const key = newDeliveryId();
      const destination = DESTINATIONS[index % DESTINATIONS.length] ?? "";
      return {
        ...{ source: "bench", type: "order_create", candidates: [], warnings: [] },
        ...{ key, subject: `order/${key}`, occurredAt: null, forwardTo: [destination] },
        payload: encoder.encode(JSON.stringify({ order_id: key, text: "x".repeat(1000) })),
      };
    });
    await journal.record({
      ...{ id: newDeliveryId(), endpoint: "/bench", kind: "bench", requestId: "bench" },
      ...{ receivedAt, answeredAt: receivedAt, remoteAddress: "", headers: [], status: 204 },
      ...{ body: new Uint8Array(), answer: new Uint8Array(), verifiedBy: "bench" },
      ...{ rules: [], decisions: [] },
    }, { events });
  }
}

/**
 * Measures forwards a second by one, two and three instances, to three destinations that answer at
 * once.
 *
 * @param effort How much.
 * @returns Of each round, the three figures.
 */
export async function measureForwards(
  { rounds, forwards }: { readonly rounds: number; readonly forwards: number },
): Promise<readonly (readonly number[])[]> {
  const folder = await Deno.makeTempDir();
  const cluster = await startCluster();
  await using counter = startCounter();
  const journal = openPostgresJournal({ url: cluster.url() });
  const destinations = Object.fromEntries(
    DESTINATIONS.map((
      name,
    ) => [name, { type: "http", url: counter.url, concurrency: 32, ratePerSecond: 10_000 }]),
  );

  async function perSecond(count: number): Promise<number> {
    await using started = new AsyncDisposableStack();
    for (const name of DESTINATIONS) {
      await journal.outbox.disable(name, { at: Date.now(), reason: "failing" });
    }
    const starting: Promise<Server>[] = DESTINATIONS.slice(0, count).map((name) =>
      startStorehook({
        name,
        folder: join(folder, name),
        config: {
          journal: { url: cluster.url(), spool: join(folder, `${name}.db`) },
          destinations,
        },
      })
    );
    for (const server of await Promise.all(starting)) started.use(server);
    await fill(journal, forwards);
    const startedAt = performance.now();
    const over = counter.further(forwards);
    for (const name of DESTINATIONS) await journal.outbox.enable(name);
    await over;
    return forwards / (performance.now() - startedAt) * 1000;
  }

  try {
    const figures: number[][] = [];
    for (let round = 0; round < rounds; round++) {
      const own: number[] = [];
      for (let count = 1; count <= DESTINATIONS.length; count++) own.push(await perSecond(count));
      figures.push(own);
    }
    return figures;
  } finally {
    await journal.close();
    await Deno.remove(folder, { recursive: true });
  }
}
