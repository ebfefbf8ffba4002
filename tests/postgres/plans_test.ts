/**
 * What runs on the way of a request finds what it needs by indexes, however much there is.
 *
 * `STOREHOOK_PLAN_ROWS=10000000` asks it of ten million rows of each kind (some 20 GB).
 */
import { assertEquals } from "@std/assert";
import { openSharedJournal } from "../../lib/journal/postgres/open.ts";
import { noCluster, startCluster } from "./cluster.ts";
import { placesThatQuery, startExplaining } from "./explained.ts";
import { DAY_MS, fill, NOW, ROWS } from "./many_rows.ts";
import { useAll, useAnother } from "./whole_use.ts";

/** Of 8 KiB: what a statement may look at however much there is. */
const MOST_PAGES = 3000;

/** Small however much there is. */
const SMALL = new Set([
  ...["rule_sets", "counters", "storehook_schema", "clock", "instances", "console_sessions"],
  ...["destination_owners", "disabled_destinations", "paused_destinations"],
  ...["pg_class", "pg_inherits", "pg_namespace"],
  // What a week that has not begun holds, and what no week was made for.
  ...["deliveries_other", `deliveries_w${Math.floor(NOW / 7 / DAY_MS) + 1}`],
  `deliveries_w${Math.floor(NOW / 7 / DAY_MS) + 2}`,
]);

/** Not on the way of a request: the schema, notes, and what an administrator or retention does. */
const BESIDE = new Set([
  ...["connection.ts", "migrations.ts", "weeks.ts", "notes.ts", "statistics.ts"],
  ...["copy.ts", "erase.ts", "holdForwardsOfEvents", "prune.ts", "forgetAudit"],
]);

Deno.test({
  name: "no statement on the way of a request scans a table of PostgreSQL" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    const cluster = await startCluster({ settings: ["fsync = off", "max_wal_size = 4GB"] });
    const { journal, database } = openSharedJournal({ url: cluster.url() });
    try {
      await journal.counts();
      await fill(database);
      using explaining = startExplaining();
      await useAll(journal);
      await useAnother(cluster.url());
      const scans = explaining.statements.flatMap(({ text, scans }) =>
        scans.filter((table) => !SMALL.has(table)).map((table) => `${table}: ${text}`)
      );
      assertEquals(scans, []);
      const most = explaining.statements.toSorted((a, b) => b.pages - a.pages);
      if (ROWS > 100_000) {
        for (const { pages, text } of most.slice(0, 10)) console.log(`${pages} pages: ${text}`);
      }
      assertEquals(most.filter(({ pages }) => pages > MOST_PAGES), []);
      const unseen = placesThatQuery(BESIDE).filter((place) => !explaining.places.has(place));
      assertEquals(unseen, [], "statements that were not run here");
    } finally {
      await journal.close();
    }
  },
});
