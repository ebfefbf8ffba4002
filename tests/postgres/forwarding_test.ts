/**
 * Three programs on one database forward to one receiver, while one of them is killed and the
 * database too: what was acknowledged is stored, each event arrives at least once, those of one
 * subject in their order, and never two at a time.
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type Program, startProgram, temporaryFolder } from "../e2e/program.ts";
import { createChanges, eventually } from "../e2e/waits.ts";
import { openPostgresJournal } from "../../lib/journal/postgres/open.ts";
import { type Cluster, noCluster, startCluster } from "./cluster.ts";

/** How much comes; the long form is `deno task test:cluster`. */
const ROUNDS = Number(Deno.env.get("STOREHOOK_CLUSTER_ROUNDS") ?? 6);
const SUBJECTS = 20;

function configOf(cluster: Cluster, folder: string, name: string, receiver: string): object {
  return {
    journal: { url: cluster.url(), spool: join(folder, `${name}.db`), commitTimeoutMs: 3000 },
    endpoints: [{
      path: "/uc",
      kind: "ultracart.events",
      auth: { type: "basic", username: "u", password: "p4ssword" },
      forward: ["erp"],
    }],
    destinations: {
      erp: {
        type: "http",
        url: receiver,
        ordered: true,
        concurrency: 8,
        retrySeconds: [0.2, 0.5, 1],
      },
    },
  };
}

interface Arrival {
  readonly subject: string;
  readonly stage: number;
}

/** A receiver that answers slowly, fails now and then, and notes what came and what overlapped. */
function startNotingReceiver() {
  const arrivals: Arrival[] = [];
  const overlaps: Arrival[] = [];
  const running = new Map<string, number>();
  const { happened, until } = createChanges();
  let requests = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { order_id: subject, current_stage: text } = await request.json();
      const arrival = { subject, stage: Number(text.slice(1)) };
      if ((running.get(subject) ?? 0) > 0) overlaps.push(arrival);
      running.set(subject, (running.get(subject) ?? 0) + 1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running.set(subject, (running.get(subject) ?? 1) - 1);
      if (++requests % 17 === 0) return new Response(null, { status: 500 });
      arrivals.push(arrival);
      happened();
      return new Response(null, { status: 204 });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    arrivals,
    overlaps,
    until,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Sends one stage of an order until an instance takes it. */
async function send(programs: readonly Program[], subject: string, stage: number): Promise<void> {
  const body = JSON.stringify([{
    order_stage_change: { order_id: subject, current_stage: `S${stage}` },
  }]);
  await eventually(`an instance that takes ${subject} ${stage}`, async () => {
    const program = programs[Math.floor(Math.random() * programs.length)];
    try {
      const response = await fetch(`${program?.url}/uc`, {
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
  name: "three programs forward in order while one and the database are killed" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    const cluster = await startCluster();
    await using folder = await temporaryFolder();
    await using receiver = startNotingReceiver();
    await using one = await startProgram({
      config: configOf(cluster, folder.path, "one", receiver.url),
    });
    await using two = await startProgram({
      config: configOf(cluster, folder.path, "two", receiver.url),
    });
    await using three = await startProgram({
      config: configOf(cluster, folder.path, "three", receiver.url),
    });
    const alive = [one, two, three];
    const subjects = Array.from({ length: SUBJECTS }, (_, index) => `DEMO-${index}`);
    for (let stage = 0; stage < ROUNDS; stage++) {
      await Promise.all(subjects.map((subject) => send(alive, subject, stage)));
      if (stage === Math.floor(ROUNDS / 3)) {
        three.kill("SIGKILL");
        alive.pop();
        await three.status;
      }
      if (stage === Math.floor(ROUNDS / 2)) {
        await cluster.kill();
        await cluster.start();
      }
    }
    const total = SUBJECTS * ROUNDS;
    const arrived = () =>
      new Set(receiver.arrivals.map(({ subject, stage }) => `${subject} ${stage}`)).size;
    await receiver.until("each event once", () => arrived() >= total, {
      soFar: () => `${arrived()} of ${total}`,
    });
    assertEquals(receiver.overlaps, []);
    for (const subject of subjects) {
      const stages = receiver.arrivals.filter((one) => one.subject === subject)
        .map(({ stage }) => stage);
      assertEquals(stages, stages.toSorted((a, b) => a - b), subject);
    }
    const journal = openPostgresJournal({ url: cluster.url() });
    try {
      assertEquals((await journal.events.counts()).events, total);
      await eventually(
        "nothing that waits",
        async () => (await journal.outbox.countsByState()).delivered === total,
      );
    } finally {
      await journal.close();
    }
  },
});
