import { assertEquals } from "@std/assert";
import { openSharedJournal } from "../../../../lib/journal/postgres/open.ts";
import { makeWeeks } from "../../../../lib/journal/postgres/weeks.ts";
import { noCluster, startCluster } from "../../../postgres/cluster.ts";
import { delivery, event, refusal } from "../samples.ts";

const WEEK_MS = 7 * 24 * 3_600_000;

Deno.test({
  name: "prune() takes past weeks away as whole tables, and what hangs on them" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    const cluster = await startCluster({ settings: ["fsync = off"] });
    const { journal, database } = openSharedJournal({ url: cluster.url() });
    const start = Math.floor(Date.now() / WEEK_MS) * WEEK_MS;
    const tables = async () =>
      (await database.query(
        "SELECT relname AS name FROM pg_class WHERE relname ~ '^deliveries_w[0-9]+$' ORDER BY 1",
      )).map(({ name }) => Number(String(name).slice("deliveries_w".length)));
    try {
      await makeWeeks(database, start - 4 * WEEK_MS);
      await makeWeeks(database, start);
      for (const weeksAgo of [4, 3, 2, 0]) {
        const receivedAt = start - weeksAgo * WEEK_MS + 1000;
        const at = { receivedAt, answeredAt: receivedAt };
        await journal.record(delivery(at), { events: [event({ forwardTo: [] }), event()] });
        await journal.record(refusal(at));
      }
      const week = start / WEEK_MS;
      assertEquals((await tables()).includes(week - 4), true);
      const now = start + 10_000;
      const pruned = await journal.prune({ olderThanMs: 2 * WEEK_MS, now, budgetMs: 10_000 });
      assertEquals([pruned.deliveries, pruned.events, pruned.done], [6, 3, true]);
      assertEquals((await tables())[0], week - 2);
      const { accepted, refused } = await journal.counts();
      assertEquals([accepted, refused], [1, 1]);
      assertEquals((await Array.fromAsync(journal.each())).length, 2);
      // What waits stays, however old its delivery was.
      assertEquals((await journal.events.counts()).events, 5);
    } finally {
      await journal.close();
    }
  },
});
