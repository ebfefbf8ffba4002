/** The loss of the database's machine: a synchronous standby takes its place. */
import { assertEquals, assertRejects } from "@std/assert";
import pg from "pg";
import { JournalUnavailable } from "../../lib/journal/errors.ts";
import { openPostgresJournal } from "../../lib/journal/postgres/open.ts";
import { eventually } from "../e2e/waits.ts";
import { delivery } from "../lib/journal/samples.ts";
import { type Cluster, noCluster, startCluster } from "./cluster.ts";

/** Two of which the first waits for the second with each commit. */
async function startPair(): Promise<{ first: Cluster; second: Cluster; url: string }> {
  const first = await startCluster();
  const second = await first.standby();
  const admin = await connect(first);
  await admin.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
  await admin.query("SELECT pg_reload_conf()");
  await eventually("a synchronous standby", async () => {
    const { rows } = await admin.query("SELECT sync_state FROM pg_stat_replication");
    return rows[0]?.sync_state === "sync";
  });
  await admin.end();
  const hosts = `127.0.0.1:${first.port},127.0.0.1:${second.port}`;
  return { first, second, url: `postgres://postgres@${hosts}/postgres` };
}

async function connect(cluster: Cluster): Promise<pg.Client> {
  const client = new pg.Client(cluster.url());
  await client.connect();
  return client;
}

Deno.test({
  name: "nothing that was acknowledged is lost when a synchronous standby is promoted" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    const { first, second, url } = await startPair();
    const journal = openPostgresJournal({ url });
    const acknowledged = new Set<string>();
    let isOver = false;
    const load = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const one = delivery();
        try {
          await journal.record(one);
          acknowledged.add(one.id);
        } catch {
          // It is answered with 503, or spooled.
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    });
    await eventually("deliveries at the first", () => acknowledged.size > 200);
    await first.kill();
    const before = acknowledged.size;
    await second.promote();
    await eventually("deliveries at the second", () => acknowledged.size > before + 200);
    isOver = true;
    await Promise.all(load);
    const stored = new Set(await Array.fromAsync(journal.each(), ({ id }) => id));
    assertEquals([...acknowledged].filter((id) => !stored.has(id)), []);
    await journal.close();
  },
});

Deno.test({
  name: "a commit that stops waiting for its standby is none that is acknowledged" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    const { first, second, url } = await startPair();
    const journal = openPostgresJournal({ url });
    const admin = await connect(first);
    const waits = () =>
      eventually("a commit that waits for the standby", async () => {
        const { rows } = await admin.query(
          "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'",
        );
        return rows.length > 0;
      });
    await journal.record(delivery());
    await second.kill();
    const one = delivery();
    const refused = assertRejects(
      () => journal.record(one),
      JournalUnavailable,
      "no standby confirms",
    );
    await waits();
    // As the time of a statement does that is over.
    await admin.query(
      "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'",
    );
    await refused;
    // It is there for everybody to see, and that it is, is said only once the standby has it.
    assertEquals((await journal.get(one.id))?.id, one.id);
    const again = assertRejects(() => journal.record(one), RangeError, "has one of this id");
    await waits();
    await second.start();
    await again;
    await admin.end();
    await first.kill();
    await second.promote();
    await eventually("it at the second", async () => {
      try {
        return (await journal.get(one.id))?.id === one.id;
      } catch {
        // The second is not asked yet.
        return false;
      }
    });
    await journal.close();
  },
});
