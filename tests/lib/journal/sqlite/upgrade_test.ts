import { assertEquals, assertRejects } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { openJournalInThread } from "../../../../lib/journal/sqlite/open_in_thread.ts";
import { contentOf, type Kept, restoreJournal, restoreSchema9 } from "../old_journals.ts";
import { bytesOf, delivery, event, withFolder } from "../samples.ts";
import { checkOutbox } from "./check_outbox.ts";

function assertKept(found: readonly object[], before: readonly Kept[]): void {
  assertEquals(found.length, before.length);
  const byId = new Map(found.map((one) => ["id" in one ? one.id : undefined, one]));
  for (const one of before) assertFields(byId.get(one.id), one);
}

/** Later versions may know more of it. */
function assertFields(found: object | undefined, before: object): void {
  const fields = new Map(Object.entries(found ?? {}));
  const same = Object.keys(before).map((name) => [name, fields.get(name)]);
  assertEquals(Object.fromEntries(same), before);
}

for (const open of [openJournal, openJournalInThread]) {
  for (const leftAs of ["with its log", "in one file"] as const) {
    Deno.test(`${open.name}() keeps all of a journal that version 0.1.0 left ${leftAs}`, () =>
      withFolder(async (folder) => {
        const path = await restoreJournal(folder, leftAs);
        const before = await contentOf("journal-0.1.0");
        const journal = await open(path);
        try {
          // That version kept the names of rules alone.
          const named = await Array.fromAsync(journal.each(), (one) => ({
            ...one,
            rules: one.rules.map(({ name }) => name),
          }));
          assertKept(named, before.deliveries);
          const { events } = await journal.events.list({ limit: 100 });
          const shown = await Promise.all(events.map(({ id }) => journal.events.get(id)));
          assertKept(shown.flatMap((one) => one ?? []), before.events);
          const { forwards } = await journal.outbox.list({ limit: 100 });
          const detailed = await Promise.all(forwards.map(async ({ id, event }) => ({
            ...await journal.outbox.get(id),
            event: event.id,
          })));
          assertKept(detailed, before.forwards);
          for (const one of before.exports) {
            assertFields(await journal.findExport(one.token, one.version), one);
          }
          const { externalId, token } = before.neverSaved;
          const identity = await journal.exportOf("/ustore/cart-export", "never saved", "other");
          assertEquals(identity, { externalId, token });
          assertEquals(Object.fromEntries(await journal.outbox.disabled()), before.disabled);

          // What was under way when that version ended is due, and new ones find their place.
          const lease = {
            owner: "worker",
            destination: "taken",
            limit: 5,
            leaseMs: 1000,
            ordered: true,
          };
          assertEquals((await journal.outbox.lease({ ...lease, now: Date.now() })).length, 1);
          const exported = { token, list: new TextEncoder().encode("{}") };
          await journal.record(delivery(), { events: [event()], exported });
          assertEquals((await journal.findExport(token))?.version, 1);
          assertEquals((await journal.events.counts()).events, before.events.length + 1);
        } finally {
          await journal.close();
        }
        const database = new DatabaseSync(path);
        const { integrity_check: found } = database.prepare("PRAGMA integrity_check").get() ?? {};
        assertEquals([found, database.prepare("PRAGMA foreign_key_check").all()], ["ok", []]);
        database.close();
      }));
  }
}

Deno.test("openJournal() keeps all of a journal of schema 9, its counts too", () =>
  withFolder(async (folder) => {
    const path = await restoreSchema9(folder);
    const before = await contentOf("journal-schema-9");
    const journal = openJournal(path);
    try {
      const deliveries = await Array.fromAsync(journal.each());
      assertEquals<unknown>(deliveries, before.deliveries);
      for (const { id } of deliveries) assertEquals((await journal.get(id))?.id, id);
      const events = await Array.fromAsync(journal.events.each(), ({ id }) => id);
      assertEquals<unknown>(await Promise.all(events.map(journal.events.get)), before.events);
      const { forwards } = await journal.outbox.list({ limit: 1000 });
      const detailed = await Promise.all(forwards.map(async ({ id, event }) => ({
        ...await journal.outbox.get(id),
        event: event.id,
      })));
      assertEquals<unknown>(detailed, before.forwards);
      for (const one of before.exports) {
        assertFields(await journal.findExport(one.token, one.version), one);
      }
      assertEquals(Object.fromEntries(await journal.outbox.paused()), before.paused);
      assertEquals(await journal.clockRecord(), before.clock);
      const { bytes: _, ...counts } = await journal.counts();
      assertFields(before.counts.journal, counts);
      assertEquals(await journal.events.counts(), before.counts.events);
      assertEquals(await journal.outbox.countsByState(), before.counts.states);
      assertEquals(Object.fromEntries(await journal.outbox.counts()), before.counts.outbox);

      // What came before is known: a repeat of it is one, and its id is taken.
      const [first] = deliveries;
      const again = delivery({ endpoint: first?.endpoint ?? "", body: first?.body ?? bytesOf("") });
      await journal.record({ ...again, receivedAt: first?.receivedAt ?? 0 });
      assertEquals((await journal.get(again.id))?.repeatOf, first?.id);
      for (const { id } of deliveries) {
        await assertRejects(() => journal.record(delivery({ id })), RangeError, "one of this id");
      }
    } finally {
      await journal.close();
    }
    checkOutbox(path);
  }));
