/** The loss of the database's machine: a synchronous standby takes its place. */
import { assertEquals } from "@std/assert";
import pg from "pg";
import { openPostgresJournal } from "../../lib/journal/postgres/open.ts";
import { eventually } from "../e2e/waits.ts";
import { delivery } from "../lib/journal/samples.ts";
import { noCluster, startCluster } from "./cluster.ts";

Deno.test({
  name: "nothing that was acknowledged is lost when a synchronous standby is promoted" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    const first = await startCluster();
    const second = await first.standby();
    const admin = new pg.Client(first.url());
    await admin.connect();
    await admin.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
    await admin.query("SELECT pg_reload_conf()");
    await eventually("a synchronous standby", async () => {
      const { rows } = await admin.query("SELECT sync_state FROM pg_stat_replication");
      return rows[0]?.sync_state === "sync";
    });
    await admin.end();

    const hosts = `127.0.0.1:${first.port},127.0.0.1:${second.port}`;
    const journal = openPostgresJournal({ url: `postgres://postgres@${hosts}/postgres` });
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
