/** What one delivery, event and forward costs an instance and its database, measured small. */
import process from "node:process";
import pg from "pg";
import orderApproval from "../../handlers/ustore/samples/order_approval.json" with { type: "json" };
import { type Delivery, newDeliveryId } from "../../lib/journal/delivery.ts";
import type { LeasedForward } from "../../lib/forward/outbox.ts";
import type { EventToRecord } from "../../lib/journal/events.ts";
import type { Journal } from "../../lib/journal/journal.ts";
import { openPostgresJournal } from "../../lib/journal/postgres/open.ts";
import { startCluster } from "../../tests/postgres/cluster.ts";
import { eventually } from "../../tests/e2e/waits.ts";
import { usedByDatabase } from "./used.ts";

/** What one thing costs. */
export interface Cost {
  /** Processor time of the instance that takes it in, in microseconds. */
  readonly instanceMicros: number;
  /** Processor time of the database, in microseconds. */
  readonly databaseMicros: number;
  /** What is written to the log of the database. */
  readonly logBytes: number;
  /** What it takes once it is stored, with its indexes. */
  readonly storedBytes: number;
  /** Commits of the database that wait for its disk. */
  readonly syncs: number;
}

/** The costs of each kind. */
export interface Costs {
  readonly delivery: Cost;
  readonly event: Cost;
  readonly forward: Cost;
}

const encoder = new TextEncoder();
const BODY = encoder.encode(JSON.stringify(orderApproval));
const ANSWER = encoder.encode('{"ApprovalGroupId":10065,"IsApprovalNeeded":true}');
/** As many as wait at a time under load. */
const AT_ONCE = 32;

function deliveryOf(number: number): Delivery {
  const receivedAt = Date.now();
  return {
    id: newDeliveryId(),
    endpoint: "/ustore/order-approval",
    kind: "ustore.order-approval",
    requestId: crypto.randomUUID(),
    receivedAt,
    answeredAt: receivedAt + 2,
    remoteAddress: "192.0.2.7",
    headers: [["content-type", "application/json"], ["user-agent", "uStore"]],
    body: encoder.encode(`${new TextDecoder().decode(BODY)} ${number}`),
    verifiedBy: "key 3f2a91bc",
    status: 200,
    answer: ANSWER,
    rules: [{ name: "large orders", when: "order.total > 500" }],
    decisions: [{ rule: "large orders", outcome: { group: 10065 }, tried: 1, failures: [] }],
  };
}

function eventOf(number: number, forwardTo: readonly string[]): EventToRecord {
  return {
    source: "ultracart",
    type: "order_create",
    candidates: ["order_create"],
    subject: `order/DEMO-${number}`,
    key: `key-${number}`,
    occurredAt: null,
    warnings: [],
    payload: BODY.slice(0, 2000),
    forwardTo,
  };
}

/**
 * Measures the costs on a cluster of its own.
 *
 * @param count How many of each.
 * @returns The costs.
 */
export async function measureCosts(count: number): Promise<Costs> {
  const cluster = await startCluster();
  const client = new pg.Client(cluster.url());
  await client.connect();

  async function look(): Promise<Cost> {
    // Of this process, which is the instance here.
    const { user, system } = process.cpuUsage();
    return { instanceMicros: user + system, ...await usedByDatabase(client, cluster.folder) };
  }

  async function measured(
    each: (journal: Journal, number: number) => Promise<unknown>,
  ): Promise<Cost> {
    const before = await look();
    const journal = openPostgresJournal({ url: cluster.url() });
    // As one that serves, which has the database look at what has grown.
    journal.describe({ host: "bench", version: "bench", config: "bench" });
    for (let start = 0; start < count; start += AT_ONCE) {
      await Promise.all(
        Array.from({ length: AT_ONCE }, (_, index) => each(journal, start + index)),
      );
    }
    // A connection tells what it has used when it ends, at the latest.
    await journal.close();
    await eventually("the end of its connections", async () => {
      const { rows } = await client.query(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'storehook'",
      );
      return rows.length === 0;
    });
    const after = await look();
    const per = (of: (seen: Cost) => number) => (of(after) - of(before)) / count;
    return {
      instanceMicros: per(({ instanceMicros }) => instanceMicros),
      databaseMicros: per(({ databaseMicros }) => databaseMicros),
      logBytes: per(({ logBytes }) => logBytes),
      storedBytes: per(({ storedBytes }) => storedBytes),
      syncs: per(({ syncs }) => syncs),
    };
  }

  try {
    // What is made and compiled once is, after this.
    const warm = (journal: Journal, number: number) => journal.record(deliveryOf(-1 - number));
    await measured(warm);
    const delivery = await measured((journal, number) => journal.record(deliveryOf(number)));
    const withEvent = await measured((journal, number) =>
      journal.record(deliveryOf(count + number), { events: [eventOf(number, [])] })
    );
    const withForward = await measured((journal, number) =>
      journal.record(deliveryOf(2 * count + number), {
        events: [eventOf(count + number, ["erp"])],
      })
    );
    let waiting: Promise<readonly LeasedForward[]> | undefined;
    const completed = await measured(async (journal, number) => {
      if (number % AT_ONCE === 0) waiting = journal.outbox.lease(leasing());
      const leased = await waiting;
      const { lease } = leased?.[number % AT_ONCE] ?? {};
      if (lease === undefined) throw new Error("Nothing was leased");
      const attempt = { startedAt: Date.now(), durationMs: 5, status: 200, error: null };
      await journal.outbox.complete(lease, attempt, { state: "delivered" });
    });
    return {
      delivery,
      event: minus(withEvent, delivery),
      forward: plus(minus(withForward, withEvent), completed),
    };
  } finally {
    await client.end();
  }
}

const leasing = () => ({
  owner: "measure",
  destination: "erp",
  limit: AT_ONCE,
  leaseMs: 60_000,
  now: Date.now() + 1000,
  ordered: true,
});

function combine(a: Cost, b: Cost, of: (a: number, b: number) => number): Cost {
  return {
    instanceMicros: Math.max(0, of(a.instanceMicros, b.instanceMicros)),
    databaseMicros: Math.max(0, of(a.databaseMicros, b.databaseMicros)),
    logBytes: Math.max(0, of(a.logBytes, b.logBytes)),
    storedBytes: Math.max(0, of(a.storedBytes, b.storedBytes)),
    syncs: Math.max(0, of(a.syncs, b.syncs)),
  };
}
const minus = (a: Cost, b: Cost) => combine(a, b, (x, y) => x - y);
const plus = (a: Cost, b: Cost) => combine(a, b, (x, y) => x + y);
