/**
 * What runs on the way of a request finds what it needs by indexes, however much there is.
 *
 * `STOREHOOK_PLAN_ROWS=10000000` asks it of ten million rows of each kind (some 20 GB).
 */
import { assertEquals } from "@std/assert";
import { openSharedJournal } from "../../lib/journal/postgres/open.ts";
import { noCluster, startCluster } from "./cluster.ts";
import { type Explaining, placesThatQuery, startExplaining } from "./explained.ts";
import { useCopy, useErase, usePrune } from "./beside_use.ts";
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

/** Beside requests, where many rows are changed at once. */
const MOST_PAGES_BESIDE = 60_000;

/**
 * The schema, notes, and what the database is asked of itself. What pruning would remove is counted day
 * by day, and looks at all of a day.
 */
const LEFT_OUT = new Set([
  ...["connection.ts", "migrations.ts", "weeks.ts", "notes.ts", "statistics.ts", "prunable.ts"],
]);

/** Whoever looks for a person looks through everything. */
const LONG = ROWS > 100_000;
if (LONG) { for (const place of ["erase.ts", "holdForwardsOfEvents"]) LEFT_OUT.add(place); }

Deno.test({
  name: "no statement on the way of a request scans a table of PostgreSQL" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    const settings = ["fsync = off", "max_wal_size = 4GB", "wal_level = minimal"];
    const cluster = await startCluster({ settings: [...settings, "max_wal_senders = 0"] });
    const { journal, database } = openSharedJournal({ url: cluster.url() });
    try {
      await journal.counts();
      await fill(database);
      using explaining = startExplaining();
      await useAll(journal);
      await useAnother(cluster.url());
      judge(explaining, MOST_PAGES);
      await useCopy(cluster.url());
      await usePrune(journal);
      if (!LONG) await useErase(journal);
      const beside = explaining.statements.filter(({ text }) =>
        !text.includes(COUNTS_A_DAY) && (LONG || !text.includes(FORGETS_MANY))
      );
      judge({ statements: beside }, MOST_PAGES_BESIDE);
      const unseen = placesThatQuery(LEFT_OUT).filter((place) => !explaining.places.has(place));
      assertEquals(unseen, [], "statements that were not run here");
    } finally {
      await journal.close();
    }
  },
});

const COUNTS_A_DAY = "OVER (";
/** Of few rows they are so large a part that reading all is the best way to them. */
const FORGETS_MANY = "LIMIT 5000";

function judge({ statements }: Pick<Explaining, "statements">, mostPages: number): void {
  const scans = statements.flatMap(({ text, scans }) =>
    scans.filter((table) => !SMALL.has(table)).map((table) => `${table}: ${text}`)
  );
  assertEquals(scans, []);
  const most = statements.toSorted((a, b) => b.pages - a.pages);
  if (LONG) {
    for (const { pages, text } of most.slice(0, 10)) console.log(`${pages} pages: ${text}`);
  }
  assertEquals(most.filter(({ pages }) => pages > mostPages), []);
}
