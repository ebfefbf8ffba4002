/** Small days that are really run, by the program, so that the model can be held to them. */
import { join } from "@std/path";
import pg from "pg";
import orderApproval from "../../handlers/ustore/samples/order_approval.json" with { type: "json" };
import { openPostgresJournal } from "../../lib/journal/postgres/open.ts";
import { startCluster } from "../../tests/postgres/cluster.ts";
import { eventually } from "../../tests/e2e/waits.ts";
import { digestOf } from "../load/signed.ts";
import { cpuSeconds } from "../load/usage.ts";
import { startStorehook } from "../storehook.ts";
import type { Cost } from "./costs.ts";
import type { Scenario } from "./model.ts";
import { usedByDatabase } from "./used.ts";

/** A day that is small enough to be run. */
export type SmallDay =
  & Pick<Scenario, "name" | "deliveries" | "eventsPerDelivery" | "forwardsPerEvent">
  & { readonly requestOf: (number: number) => Promise<readonly [path: string, RequestInit]> };

/** What a run came to, in all. */
export interface Ran extends Cost {
  readonly seconds: number;
}

const CONNECTIONS = 32;
const WARM_UP = 500;
const TEXT = JSON.stringify(orderApproval);
/** As large as those that the costs are measured with. */
const PAYLOAD = TEXT.slice(0, 1900);

async function approval(number: number): Promise<readonly [string, RequestInit]> {
  const document = {
    ...orderApproval,
    Order: { ...orderApproval.Order, "@OrderId": `${number}` },
  };
  const body = JSON.stringify(document);
  const signature = (await digestOf(new TextEncoder().encode(body))).toBase64();
  const headers = { "Content-Type": "application/json", "X-Signature": signature };
  return ["/ustore/order-approval", { method: "POST", headers, body }];
}

function reflow(events: number): SmallDay["requestOf"] {
  return (number) => {
    const body = JSON.stringify(Array.from({ length: events }, (_, index) => ({
      order_create: { order_id: `DEMO-${number}-${index}`, text: PAYLOAD },
    })));
    const headers = {
      "Content-Type": "application/json",
      Authorization: `Basic ${btoa("u:p4ssword")}`,
    };
    return Promise.resolve(["/uc", { method: "POST", headers, body }]);
  };
}

/** Those that are run. */
export const SMALL_DAYS: readonly SmallDay[] = [
  {
    name: "10,000 approvals",
    deliveries: 10_000,
    eventsPerDelivery: 0,
    forwardsPerEvent: 0,
    requestOf: approval,
  },
  {
    name: "a reflow of 10,000 events",
    deliveries: 1000,
    eventsPerDelivery: 10,
    forwardsPerEvent: 1,
    requestOf: reflow(10),
  },
];

/**
 * Runs a day on a cluster of its own, with the program as its users start it.
 *
 * @param day The day.
 * @returns What it came to.
 */
export async function runSmallDay(day: SmallDay): Promise<Ran> {
  const { deliveries, eventsPerDelivery, forwardsPerEvent, requestOf } = day;
  const cluster = await startCluster();
  const folder = await Deno.makeTempDir();
  await using started = new AsyncDisposableStack();
  started.defer(() => Deno.remove(folder, { recursive: true }));
  const receiver = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      await request.body?.cancel();
      return new Response(null, { status: 204 });
    },
  );
  started.defer(() => receiver.shutdown());
  const server = started.use(
    await startStorehook({ folder, config: configOf(cluster.url(), folder, receiver.addr.port) }),
  );
  const journal = openPostgresJournal({ url: cluster.url() });
  started.defer(() => journal.close());
  const client = new pg.Client(cluster.url());
  await client.connect();
  started.defer(() => client.end());

  let sent = 0;
  async function send(count: number): Promise<void> {
    const until = sent + count;
    await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
      while (sent < until) {
        const [path, init] = await requestOf(1_000_000 + sent++);
        const response = await fetch(`${server.url}${path}`, init);
        await response.body?.cancel();
        if (!response.ok) throw new Error(`Cannot measure: ${path} answered ${response.status}`);
      }
    }));
    const forwards = until * eventsPerDelivery * forwardsPerEvent;
    await eventually(
      `${forwards} forwards`,
      async () => (await journal.outbox.countsByState()).delivered >= forwards,
      { deadlineMs: 300_000 },
    );
  }
  async function look(): Promise<Cost> {
    const instanceMicros = await cpuSeconds(server.pid) * 1e6;
    // A connection tells what it has used when it ends, at the latest; the program makes new ones.
    await client.query(
      "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = $1",
      ["storehook"],
    );
    return { instanceMicros, ...await usedByDatabase(client, cluster.folder) };
  }

  await send(Math.min(WARM_UP, deliveries));
  const before = await look();
  const startedAt = performance.now();
  await send(deliveries);
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await look();
  return {
    seconds,
    instanceMicros: after.instanceMicros - before.instanceMicros,
    databaseMicros: after.databaseMicros - before.databaseMicros,
    logBytes: after.logBytes - before.logBytes,
    storedBytes: after.storedBytes - before.storedBytes,
    syncs: after.syncs - before.syncs,
  };
}

function configOf(url: string, folder: string, port: number): Readonly<Record<string, unknown>> {
  return {
    journal: { url, spool: join(folder, "spool.db"), commitTimeoutMs: 30_000 },
    endpoints: [
      {
        path: "/ustore/order-approval",
        kind: "ustore.order-approval",
        signatureKeys: ["${USTORE_SIGNATURE_KEY}"],
        defaultGroup: 10065,
        rules: [{ name: "large orders", when: "order.total > 500.0", then: { group: 10065 } }],
        otherwise: { approve: true },
      },
      {
        path: "/uc",
        kind: "ultracart.events",
        auth: { type: "basic", username: "u", password: "p4ssword" },
        forward: ["erp"],
      },
    ],
    destinations: {
      erp: {
        type: "http",
        url: `http://127.0.0.1:${port}`,
        concurrency: 32,
        ratePerSecond: 10_000,
      },
    },
  };
}
