/** Databases and roles that have other settings than those of a new cluster. */
import { assertEquals, assertRejects } from "@std/assert";
import pg from "pg";
import { JournalNotOpened } from "../../lib/journal/errors.ts";
import { openPostgresJournal } from "../../lib/journal/postgres/open.ts";
import { bytesOf, delivery, event } from "../lib/journal/samples.ts";
import { noCluster, startCluster } from "./cluster.ts";

/** Whatever a database has by itself: none of it may change what is stored and read. */
const SETTINGS = [
  "bytea_output = 'escape'",
  "standard_conforming_strings = off",
  "default_transaction_isolation = 'serializable'",
  "DateStyle = 'German, DMY'",
  "TimeZone = 'Asia/Kathmandu'",
  "enable_seqscan = off",
];

Deno.test({
  name: "databases with settings of their own" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn(t) {
    const cluster = await startCluster({ settings: ["fsync = off"] });
    const admin = new pg.Client(cluster.url());
    await admin.connect();
    const made = async (name: string, ...statements: readonly string[]) => {
      for (const statement of statements) await admin.query(statement);
      return openPostgresJournal({ url: cluster.url(name) });
    };

    for (const [index, setting] of SETTINGS.entries()) {
      await t.step(setting, async () => {
        const name = `set_${index}`;
        const set = `ALTER DATABASE ${name} SET ${setting}`;
        const journal = await made(name, `CREATE DATABASE ${name}`, set);
        const other = openPostgresJournal({ url: cluster.url(name) });
        const body = new Uint8Array([0, 1, 92, 39, 34, 127, 128, 255, ...bytesOf("\\x41\\101'")]);
        const whole = delivery({ body, note: "it's \\ \0 größe 😀" });
        await journal.record(whole);
        const read = await other.get(whole.id);
        assertEquals([read?.body, read?.note], [body, whole.note]);
        // Two at once, of the same subjects: what collides is made again.
        await Promise.all(
          [journal, other].flatMap((each) =>
            Array.from(
              { length: 30 },
              (_, number) =>
                each.record(delivery(), { events: [event({ subject: `s${number % 3}` })] }),
            )
          ),
        );
        await Promise.all(
          [journal, other].flatMap((each) =>
            Array.from({ length: 30 }, () => each.record(delivery()))
          ),
        );
        assertEquals((await journal.counts()).accepted, 121);
        assertEquals((await journal.outbox.countsByState()).waiting, 60);
        await journal.close();
        await other.close();
      });
    }

    await t.step("an encoding without all letters is refused with words", async () => {
      const journal = await made(
        "latin",
        "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'",
      );
      await assertRejects(() => journal.counts(), JournalNotOpened, "is LATIN1");
      await assertRejects(() => journal.record(delivery()), JournalNotOpened, "ENCODING 'UTF8'");
      await journal.close();
    });

    await t.step("so is a search_path that leads nowhere", async () => {
      const journal = await made(
        "nowhere",
        "CREATE DATABASE nowhere",
        "ALTER DATABASE nowhere SET search_path = nonsuch",
      );
      await assertRejects(() => journal.counts(), JournalNotOpened, "search_path");
      await journal.close();
    });

    await admin.end();
  },
});
