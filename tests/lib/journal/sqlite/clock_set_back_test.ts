/** A clock that is set back while events wait, as by a few seconds when it is put right. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { timeKeyOf } from "../../../../lib/journal/delivery.ts";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { attempt, delivery, event, withFolder } from "../samples.ts";

type Journal = ReturnType<typeof openJournal>;

/** Brings an event of one subject, by a clock that is so far from the real one. */
async function bring(journal: Journal, key: string, byMs: number): Promise<void> {
  const at = Date.now() + byMs;
  await journal.record(delivery({ receivedAt: at, answeredAt: at }), {
    events: [event({ subject: "order/1", key, forwardTo: ["erp"] })],
  });
}

/** Forwards all that wait, and tells the keys of their events in that order. */
async function sendAll(journal: Journal): Promise<readonly string[]> {
  const sent: string[] = [];
  for (let found = 1; found > 0;) {
    const leased = await journal.outbox.lease({
      ...{ owner: "w", destination: "erp", limit: 9, leaseMs: 60_000, ordered: true },
      now: Date.now() + 5000,
    });
    for (const { lease, event: { key } } of leased) {
      sent.push(key);
      await journal.outbox.complete(lease, attempt(), { state: "delivered" });
    }
    found = leased.length;
  }
  return sent;
}

Deno.test("what comes of a subject goes out as it came, though the clock was set back", () =>
  withFolder(async (folder) => {
    const journal = openJournal(join(folder, "journal.db"));
    await bring(journal, "first", 4000);
    await bring(journal, "second", -4000);
    await bring(journal, "third", 3000);
    await bring(journal, "fourth", -5000);
    const { forwards } = await journal.outbox.list({ limit: 1 });
    // It is due when it came all the same.
    assertEquals((forwards[0]?.dueAt ?? Infinity) < Date.now(), true);
    assertEquals(await sendAll(journal), ["first", "second", "third", "fourth"]);
    await journal.close();
  }));

Deno.test("what comes of a subject goes out as it came, though the program was started anew since", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const before = openJournal(path);
    await bring(before, "first", 4000);
    await before.close();
    // Ids tell when they were made, by the clock of then.
    const database = new DatabaseSync(path);
    const time = (Date.now() + 4000).toString(16).padStart(12, "0");
    const id = `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
    database.prepare("UPDATE forwards SET id = ?, seq = ?").run(id, timeKeyOf(id) ?? 0);
    database.close();
    const journal = openJournal(path);
    await bring(journal, "second", 0);
    await bring(journal, "third", 0);
    assertEquals(await sendAll(journal), ["first", "second", "third"]);
    await journal.close();
  }));
