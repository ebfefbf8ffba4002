import { assertEquals, assertRejects } from "@std/assert";
import pg from "pg";
import { openDatabase } from "../../../../lib/journal/postgres/connection.ts";
import { migrateDatabase, type Step, STEPS } from "../../../../lib/journal/postgres/migrations.ts";
import { openPostgresJournal } from "../../../../lib/journal/postgres/open.ts";
import { JournalNotOpened, JournalUnavailable } from "../../../../lib/journal/errors.ts";
import { noCluster, startCluster } from "../../../postgres/cluster.ts";
import { eventually } from "../../../e2e/waits.ts";
import { delivery } from "../samples.ts";

/** What a later version may add. */
const LATER = [...STEPS, "ALTER TABLE deliveries ADD COLUMN later text"];

Deno.test({
  name: "a journal on PostgreSQL is brought up to date beside those who use it" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn(t) {
    const cluster = await startCluster({ settings: ["fsync = off"] });
    const place = { url: cluster.url() };
    const bare = (steps: readonly Step[]) =>
      openDatabase(place, (raw) => migrateDatabase(raw, undefined, steps));

    await t.step("by two that start at once, one time", async () => {
      const journals = [1, 2, 3].map(() => openPostgresJournal(place));
      await Promise.all(journals.map((journal) => journal.record(delivery())));
      assertEquals((await journals[0]?.counts())?.accepted, 3);
      for (const journal of journals) await journal.close();
    });

    await t.step("by a later version, while the version before records", async () => {
      const before = openPostgresJournal(place);
      await before.counts();
      let isDone = false;
      let recorded = 0;
      const recording = (async () => {
        while (!isDone || recorded < 20) {
          await before.record(delivery());
          recorded++;
        }
      })();
      const later = bare(LATER);
      await later.query("SELECT later FROM deliveries LIMIT 1");
      isDone = true;
      await recording;
      assertEquals((await before.counts()).accepted, 3 + recorded);
      await later.close();
      await before.close();
    });

    await t.step("also where somebody has a table for long: it is tried again", async () => {
      const holder = new pg.Client(place.url);
      await holder.connect();
      await holder.query("BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE");
      const later = bare([...LATER, "ALTER TABLE events ADD COLUMN later text"]);
      const opened = later.query("SELECT later FROM events LIMIT 1");
      const waits = async () =>
        (await holder.query("SELECT 1 FROM pg_locks WHERE NOT granted")).rowCount;
      await eventually("a step that waits", async () => await waits() === 1);
      await eventually("a step that gave up for now", async () => await waits() === 0);
      await holder.query("COMMIT");
      await holder.end();
      assertEquals(await opened, []);
      await later.close();
    });

    await t.step("a newer one is refused with words", async () => {
      const journal = openPostgresJournal(place);
      await assertRejects(
        () => journal.record(delivery()),
        JournalNotOpened,
        `a newer version of this program made its tables (schema ${
          LATER.length + 1
        }, known up to ` +
          `${STEPS.length})`,
      );
      await journal.close();
    });

    await t.step("who may make no tables is told so", async () => {
      const admin = new pg.Client(place.url);
      await admin.connect();
      await admin.query("CREATE ROLE weak LOGIN");
      await admin.query("CREATE DATABASE other");
      await admin.end();
      const weak = cluster.url("other").replace("postgres@", "weak@");
      const journal = openPostgresJournal({ url: weak });
      await assertRejects(
        () => journal.counts(),
        JournalUnavailable,
        "the user may not do that in the database",
      );
      await journal.close();
    });
  },
});
