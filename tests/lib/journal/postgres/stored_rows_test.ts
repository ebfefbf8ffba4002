/** What the rows of deliveries say beside the contract. */
import { assertEquals } from "@std/assert";
import { fingerprint } from "../../../../lib/journal/delivery.ts";
import { openCopyEnd } from "../../../../lib/journal/postgres/copy.ts";
import { openPostgresJournal, openSharedJournal } from "../../../../lib/journal/postgres/open.ts";
import { REPEAT_WINDOW_MS } from "../../../../lib/journal/repeats.ts";
import { noCluster, startCluster } from "../../../postgres/cluster.ts";
import { bytesOf, delivery } from "../samples.ts";

Deno.test({
  name: "deliveries in PostgreSQL" + (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn(t) {
    const cluster = await startCluster({ settings: ["fsync = off"] });
    const place = { url: cluster.url() };
    const { journal, database } = openSharedJournal(place);
    const repeatOf = async (id: string) => (await journal.get(id))?.repeatOf;

    await t.step("repeat what another instance recorded, while they can be retries", async () => {
      const other = openPostgresJournal(place);
      const body = bytesOf("by another");
      const first = delivery({ body });
      await other.record(first);
      await other.close();
      const soon = delivery({ body, receivedAt: first.receivedAt + REPEAT_WINDOW_MS - 1 });
      const late = delivery({ body, receivedAt: first.receivedAt + 2 * REPEAT_WINDOW_MS });
      await journal.record(late);
      await journal.record(soon);
      assertEquals(await repeatOf(soon.id), first.id);
      assertEquals(await repeatOf(late.id), null);
      const { deliveries } = await journal.list();
      assertEquals(deliveries.map(({ repeatOf }) => repeatOf), [null, first.id, null]);
    });

    await t.step("repeat for as long as the config says, where that is longer", async () => {
      const week = openPostgresJournal(place, { repeatWindowMs: 3.5 * REPEAT_WINDOW_MS });
      const body = bytesOf("in a week");
      const first = delivery({ body });
      const later = delivery({ body, receivedAt: first.receivedAt + 3 * REPEAT_WINDOW_MS });
      for (const one of [first, later]) await week.record(one);
      assertEquals((await week.get(later.id))?.repeatOf, first.id);
      await week.close();
    });

    await t.step(
      "name their content by the hash of endpoint and body, unless refused",
      async () => {
        const named = [
          delivery({ endpoint: "/bestellungen/größe", body: bytesOf("ä") }),
          delivery({ body: new Uint8Array() }),
          delivery({ body: bytesOf("refused"), verifiedBy: null }),
        ];
        for (const one of named) await journal.record(one);
        for (const { id, endpoint, body, verifiedBy } of named) {
          const [row] = await database.query("SELECT fingerprint FROM deliveries WHERE id = $1", [
            id,
          ]);
          assertEquals(
            row?.["fingerprint"],
            verifiedBy === null ? null : new Uint8Array(fingerprint(endpoint, body)),
          );
        }
      },
    );

    await t.step("say what they repeated when a person was erased from them", async () => {
      const body = bytesOf("ann@example.com");
      const [first, again] = [delivery({ body }), delivery({ body, note: "for ann@example.com" })];
      await journal.record(first);
      await journal.record(again);
      await journal.erase("ann@example.com");
      assertEquals((await journal.get(again.id))?.body.length, 0);
      assertEquals(await repeatOf(again.id), first.id);
    });

    await t.step("that are copied repeat what they repeated before", async () => {
      const body = bytesOf("copied");
      const [first, again] = [delivery({ body }), delivery({ body })];
      await journal.record(first);
      await journal.record(again);
      const end = openCopyEnd(place);
      const stored = await journal.get(again.id);
      assertEquals(stored?.repeatOf, first.id);
      await end.put({ deliveries: stored === undefined ? [] : [{ ...stored, repeatOf: null }] });
      await end.close();
      assertEquals(await repeatOf(again.id), null);
    });

    await t.step("are compressed by LZ4, also in the week that is now", async () => {
      const rows = await database.query(
        `SELECT DISTINCT pg_column_compression(body) AS name FROM deliveries WHERE body_bytes > 9000`,
      );
      assertEquals(rows, []);
      await journal.record(
        delivery({ receivedAt: Date.now(), body: bytesOf("much ".repeat(2000)) }),
      );
      const [row] = await database.query(
        `SELECT pg_column_compression(body) AS name, tableoid::regclass::text LIKE '%_w%' AS of_week
         FROM deliveries WHERE body_bytes > 9000`,
      );
      assertEquals(row, { name: "lz4", of_week: true });
    });
    await journal.close();
  },
});
