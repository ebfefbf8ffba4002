/**
 * An instance that has all destinations leaves half of them to one that joins, under a load that never
 * leaves one idle: each event arrives once, those of one subject in their order, never two at a time.
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
// @ts-types="@types/pg"
import pg from "pg";
import { type Program, startProgram, temporaryFolder } from "../e2e/program.ts";
import { eventually } from "../e2e/waits.ts";
import { noCluster, startCluster } from "./cluster.ts";
import { type NotingReceiver, startNotingReceiver } from "./noting_receiver.ts";

const DESTINATIONS = ["d0", "d1", "d2", "d3", "d4", "d5"];
const ORDERS = ["DEMO-0", "DEMO-1", "DEMO-2"];
/** So many stages of each order are under way at a time. */
const AHEAD = 3;
/** So many come after the destinations are shared. */
const AFTERWARDS = 10;

function configOf(url: string, spool: string, receivers: ReadonlyMap<string, NotingReceiver>) {
  return {
    journal: { url, spool, commitTimeoutMs: 20_000 },
    endpoints: DESTINATIONS.map((name) => ({
      path: `/${name}`,
      kind: "ultracart.events",
      auth: { type: "basic", username: "u", password: "p4ssword" },
      forward: [name],
    })),
    destinations: Object.fromEntries(
      [...receivers].map(([name, { url }]) => [name, {
        ...{ type: "http", url, ordered: true, concurrency: 8, ratePerSecond: 1000 },
        retrySeconds: new Array(20).fill(0.2),
      }]),
    ),
  };
}

async function sendStage(program: Program, destination: string, stage: number): Promise<void> {
  const response = await fetch(`${program.url}/${destination}`, {
    method: "POST",
    headers: { Authorization: `Basic ${btoa("u:p4ssword")}`, "Content-Type": "application/json" },
    body: JSON.stringify(ORDERS.map((order) => ({
      order_stage_change: { order_id: order, current_stage: `S${stage}` },
    }))),
  });
  await response.body?.cancel();
  assertEquals(response.ok, true);
}

Deno.test({
  name: "an instance that joins gets its share of the destinations" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    const cluster = await startCluster({ settings: ["fsync = off"] });
    await using folder = await temporaryFolder();
    await using stack = new AsyncDisposableStack();
    const receivers = new Map(
      DESTINATIONS.map((name) => [name, stack.use(startNotingReceiver())] as const),
    );
    const start = async (name: string) =>
      stack.use(
        await startProgram({
          config: configOf(cluster.url(), join(folder.path, `${name}.db`), receivers),
        }),
      );
    const admin = new pg.Client(cluster.url());
    await admin.connect();
    stack.defer(() => admin.end());

    /** How many destinations each instance has. */
    async function shares(): Promise<readonly number[]> {
      const { rows } = await admin.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM destination_owners WHERE owner <> ''
         GROUP BY owner ORDER BY 1`,
      );
      return rows.map(({ n }) => n);
    }
    async function untilShared(wanted: readonly number[]): Promise<void> {
      let found: readonly number[] = [];
      await eventually(`shares of ${wanted}`, async () => {
        found = await shares();
        return String(found) === String(wanted);
      }, { soFar: () => String(found) });
    }

    const programs = [await start("one")];
    /** Which stage is the last one, once that is known. */
    let last = Infinity;
    let sent = 0;
    const senders = [...receivers].map(async ([destination, receiver]) => {
      for (let stage = 0; stage <= last; stage++) {
        const program = programs[stage % programs.length];
        if (program !== undefined) await sendStage(program, destination, stage);
        sent = Math.max(sent, stage);
        await receiver.untilArrived((stage - AHEAD) * ORDERS.length);
      }
    });
    const sharing = (async () => {
      await untilShared([6]);
      programs.push(await start("two"));
      await untilShared([3, 3]);
      last = sent + AFTERWARDS;
    })();
    await Promise.all([...senders, sharing]);

    const stages = Array.from({ length: last + 1 }, (_, stage) => stage);
    for (const receiver of receivers.values()) {
      await receiver.untilArrived(stages.length * ORDERS.length);
      assertEquals(receiver.overlaps, []);
      for (const order of ORDERS) assertEquals(receiver.stages.get(order), stages, order);
    }
    assertEquals(await shares(), [3, 3]);
  },
});
