/**
 * Three programs on one database forward to two receivers that fail and come back, while programs are
 * killed and the database too: what was acknowledged is stored, each event arrives at least once,
 * those of one subject in their order, and never two at a time.
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import pg from "pg";
import { openPostgresJournal } from "../../lib/journal/postgres/open.ts";
import { type Program, startProgram, temporaryFolder } from "../e2e/program.ts";
import { createChanges, eventually } from "../e2e/waits.ts";
import { type Cluster, noCluster, startCluster } from "./cluster.ts";
import { startNotingReceiver } from "./noting_receiver.ts";

/** How much comes, and how much is killed; the long form is `deno task test:cluster`. */
const LONG = Deno.env.get("STOREHOOK_CLUSTER_EVENTS");
const EVENTS = Number(LONG ?? 160);
const KILLS = LONG === undefined ? 2 : 12;
/** Senders at a time, and the orders of which each sends one stage with a request. */
const SENDERS = LONG === undefined ? 4 : 40;
const ORDERS_EACH = 5;
const STAGES = Math.ceil(EVENTS / SENDERS / ORDERS_EACH);
const TOTAL = STAGES * SENDERS * ORDERS_EACH;

function configOf(
  cluster: Cluster,
  spool: string,
  receivers: Readonly<Record<string, string>>,
): object {
  return {
    journal: { url: cluster.url(), spool, commitTimeoutMs: 3000 },
    endpoints: Object.keys(receivers).map((name) => ({
      path: `/${name}`,
      kind: "ultracart.events",
      auth: { type: "basic", username: "u", password: "p4ssword" },
      forward: [name],
    })),
    destinations: Object.fromEntries(
      Object.entries(receivers).map(([name, url]) => [name, {
        type: "http",
        url,
        ordered: true,
        concurrency: 32,
        ratePerSecond: 10_000,
        retrySeconds: [0.2, 0.5, ...new Array(40).fill(1)],
      }]),
    ),
  };
}

/** Sends a stage of some orders until an instance takes it. */
async function send(
  programs: ReadonlySet<Program>,
  receiver: string,
  orders: readonly string[],
  stage: number,
): Promise<void> {
  const body = JSON.stringify(orders.map((order) => ({
    order_stage_change: { order_id: order, current_stage: `S${stage}` },
  })));
  await eventually(`an instance that takes stage ${stage} of ${orders[0]}`, async () => {
    const alive = [...programs];
    const program = alive[Math.floor(Math.random() * alive.length)];
    try {
      const response = await fetch(`${program?.url}/${receiver}`, {
        method: "POST",
        headers: {
          Authorization: `Basic ${btoa("u:p4ssword")}`,
          "Content-Type": "application/json",
        },
        body,
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      // It was killed.
      return false;
    }
  });
}

Deno.test({
  name: "three programs forward in order while they and the database are killed" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    const cluster = await startCluster();
    await using folder = await temporaryFolder();
    await using erp = startNotingReceiver();
    await using mis = startNotingReceiver();
    const receivers = [erp, mis];
    await using programs = new AsyncDisposableStack();
    const alive = new Set<Program>();

    async function start(name: string): Promise<Program> {
      const config = configOf(cluster, join(folder.path, name), { erp: erp.url, mis: mis.url });
      const program = programs.use(await startProgram({ config }));
      alive.add(program);
      return program;
    }

    /** One of the three is lost, and another one starts in its place. */
    async function killProgram(round: number): Promise<void> {
      const program = [...alive][round % alive.size];
      if (program === undefined) return;
      alive.delete(program);
      program.kill("SIGKILL");
      await program.status;
      await start(`after-${round}.db`);
    }

    await Promise.all(["one.db", "two.db", "three.db"].map(start));
    const startedAt = performance.now();
    const { happened, until } = createChanges();
    let taken = 0;
    const senders = Array.from({ length: SENDERS }, async (_, sender) => {
      const receiver = sender % 2 === 0 ? "erp" : "mis";
      const orders = Array.from({ length: ORDERS_EACH }, (_, n) => `DEMO-${sender}-${n}`);
      for (let stage = 0; stage < STAGES; stage++) {
        await send(alive, receiver, orders, stage);
        taken += orders.length;
        happened();
      }
    });
    const disturbing = (async () => {
      for (let round = 0; round < KILLS; round++) {
        const mark = Math.floor(TOTAL * (round + 1) / (KILLS + 1));
        while (taken < mark) {
          const some = Math.min(mark, taken + 500);
          await until(`${some} events`, () => taken >= some, { soFar: () => `${taken}` });
        }
        const receiver = receivers[round % receivers.length];
        receiver?.fail();
        if (round % 2 === 0) await killProgram(round);
        else {
          await cluster.kill();
          await cluster.start();
        }
        receiver?.comeBack();
      }
    })();
    await Promise.all([...senders, disturbing]);
    const takenMs = performance.now() - startedAt;
    for (const receiver of receivers) await receiver.untilArrived(TOTAL / 2);
    const arrivedMs = performance.now() - startedAt;

    for (const { stages, overlaps } of receivers) {
      assertEquals(overlaps, []);
      for (const [order, list] of stages) {
        assertEquals(list, list.toSorted((a, b) => a - b), order);
      }
    }
    const journal = openPostgresJournal({ url: cluster.url() });
    try {
      assertEquals((await journal.events.counts()).events, TOTAL);
      await eventually(
        "nothing that waits",
        async () => (await journal.outbox.countsByState()).delivered === TOTAL,
      );
    } finally {
      await journal.close();
    }
    if (LONG === undefined) return;
    const seconds = (ms: number) => (ms / 1000).toFixed(0);
    console.log(
      `${TOTAL} events taken in ${seconds(takenMs)} s, forwarded after ${seconds(arrivedMs)} s, ` +
        `${Math.ceil(KILLS / 2)} programs and ` +
        `${Math.floor(KILLS / 2)} databases killed, ${await deadlocksOf(cluster)} deadlocks`,
    );
  },
});

/** Since the database was killed last. */
async function deadlocksOf(cluster: Cluster): Promise<number> {
  const client = new pg.Client(cluster.url());
  await client.connect();
  const { rows: [row] } = await client.query("SELECT sum(deadlocks) AS n FROM pg_stat_database");
  await client.end();
  return Number(row.n);
}
