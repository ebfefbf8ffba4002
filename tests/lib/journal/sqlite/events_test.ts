import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { JournalUnavailable } from "../../../../lib/journal/errors.ts";
import type { Journal } from "../../../../lib/journal/journal.ts";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { openJournalInThread } from "../../../../lib/journal/sqlite/open_in_thread.ts";
import { attempt, delivery, event, withFolder } from "../samples.ts";
import { checkOutbox } from "./check_outbox.ts";

const LEASING = {
  owner: "worker",
  destination: "erp",
  limit: 9,
  leaseMs: 1000,
  now: 2e12,
  ordered: false,
};

function withJournal(run: (journal: Journal, path: string) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const journal = openJournal(path);
    try {
      await run(journal, path);
    } finally {
      await journal.close();
    }
  });
}

Deno.test("record() stores nothing of a delivery with an event that can't be stored", () =>
  withJournal(async (journal, path) => {
    const [good, bad, alsoGood] = [delivery(), delivery(), delivery()];
    const results = await Promise.allSettled([
      journal.record(good, { events: [event()] }),
      journal.record(bad, { events: [event(), event({ occurredAt: 1.5 })] }),
      journal.record(alsoGood, { events: [event()] }),
    ]);
    assertEquals(results.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
    const [, refused] = results;
    assert(refused?.status === "rejected" && refused.reason instanceof RangeError);
    assertEquals(await Array.fromAsync(journal.each(), ({ id }) => id), [good.id, alsoGood.id]);
    assertEquals(
      await Array.fromAsync(journal.events.each(), ({ deliveryId }) => deliveryId),
      [good.id, alsoGood.id],
    );
    assertEquals((await journal.outbox.counts()).get("erp")?.waiting, 2);
    assertEquals(journal.state(), { writable: true });
    checkOutbox(path);
  }));

Deno.test("record() stores no event of a delivery for which the disk is too small", () =>
  withFolder(async (folder) => {
    const journal = openJournal(join(folder, "journal.db"), { maxPages: 60 });
    const events = Array.from({ length: 20 }, () => event({ payload: new Uint8Array(20_000) }));
    const recorded = delivery();
    await assertRejects(() => journal.record(recorded, { events }), JournalUnavailable, "disk");
    await journal.record(recorded, { events: events.slice(0, 1) });
    assertEquals((await journal.events.counts()).events, 1);
    assertEquals((await journal.outbox.counts()).get("erp")?.waiting, 1);
    await journal.close();
  }));

Deno.test("outbox.reclaim() gives whoever has the file next what the one before had leased", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const first = openJournal(path);
    await first.record(delivery(), { events: [event(), event()] });
    const owner = first.leaseOwner;
    const [leased] = await first.outbox.lease({ ...LEASING, owner, limit: 1 });
    const [others] = await first.outbox.lease({ ...LEASING, owner: "another" });
    await first.close();
    const second = await openJournalInThread(path);
    assertEquals(second.leaseOwner, owner);
    assertEquals(await second.outbox.lease({ ...LEASING, owner }), []);
    assertEquals(await second.outbox.reclaim(owner), 1);
    const [again, ...more] = await second.outbox.lease({ ...LEASING, owner });
    assertEquals([again?.id, more], [leased?.id, []]);
    assert(leased !== undefined && others !== undefined);
    const made = attempt();
    assertEquals(await second.outbox.complete(leased.lease, made, { state: "failed" }), false);
    assertEquals(await second.outbox.complete(others.lease, made, { state: "delivered" }), true);
    await second.close();
  }));

Deno.test("openJournal() has another name to lease in than the server beside which it is", () =>
  withJournal(async (journal, path) => {
    const beside = openJournal(path, { maintenance: true });
    assertNotEquals(beside.leaseOwner, journal.leaseOwner);
    await beside.close();
  }));

Deno.test("openJournal() shows the outbox beside a writer and changes nothing in it", () =>
  withJournal(async (journal, path) => {
    const reader = openJournal(path, { readOnly: true });
    await journal.record(delivery(), { events: [event()] });
    const id = (await reader.outbox.list()).forwards[0]?.id ?? "";
    assertEquals((await reader.outbox.get(id))?.state, "waiting");
    assertEquals((await reader.outbox.counts()).get("erp")?.waiting, 1);
    assertEquals(typeof await reader.outbox.nextDueAt("erp", true), "number");
    const lease = { id, owner: "worker", number: 1 };
    const changes = [
      () => reader.outbox.lease(LEASING),
      () => reader.outbox.complete(lease, attempt(), { state: "failed" }),
      () => reader.outbox.release([lease]),
      () => reader.outbox.reclaim(lease.owner),
      () => reader.outbox.retry([id]),
      () => reader.outbox.cancel([id]),
      () => reader.record(delivery(), { events: [event()] }),
    ];
    for (const change of changes) await assertRejects(change, JournalUnavailable, "reading only");
    await reader.close();
  }));

Deno.test("backup() copies events and the outbox", () =>
  withJournal(async (journal, path) => {
    await journal.record(delivery(), { events: [event()] });
    await journal.backup(`${path}.copy`);
    checkOutbox(`${path}.copy`);
    const copy = openJournal(`${path}.copy`);
    assertEquals((await copy.outbox.lease(LEASING)).length, 1);
    await copy.close();
  }));

Deno.test("erase() leaves nothing of an event in the files", () =>
  withJournal(async (journal, path) => {
    const payload = new TextEncoder().encode('{"email":"ann@example.com"}');
    const subject = "customer/ann@example.com";
    await journal.record(delivery(), { events: [event({ payload, subject, key: subject })] });
    const [leased] = await journal.outbox.lease(LEASING);
    assert(leased !== undefined);
    const error = "ann@example.com is unknown";
    await journal.outbox.complete(leased.lease, attempt({ error }), { state: "failed" });
    await journal.erase("ann@example.com");
    for (const file of [path, `${path}-wal`]) {
      const text = new TextDecoder("latin1").decode(Deno.readFileSync(file));
      assertEquals([file, text.includes("ann@example.com")], [file, false]);
    }
    checkOutbox(path);
  }));
