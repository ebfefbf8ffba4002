/** A clock that is set back while events wait, as by a few seconds when it is put right. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { attempt, delivery, event, withFolder } from "../samples.ts";

Deno.test("what comes of a subject goes out as it came, though the clock was set back", () =>
  withFolder(async (folder) => {
    const journal = openJournal(join(folder, "journal.db"));
    async function bring(key: string, byMs: number): Promise<void> {
      const at = Date.now() + byMs;
      await journal.record(delivery({ receivedAt: at, answeredAt: at }), {
        events: [event({ subject: "order/1", key, forwardTo: ["erp"] })],
      });
    }
    await bring("first", 4000);
    await bring("second", -4000);
    await bring("third", 3000);
    await bring("fourth", -5000);
    const { forwards } = await journal.outbox.list({ limit: 1 });
    // It is due when it came all the same.
    assertEquals((forwards[0]?.dueAt ?? Infinity) < Date.now(), true);
    const sent: string[] = [];
    for (let round = 0; round < 4; round++) {
      const leased = await journal.outbox.lease({
        ...{ owner: "w", destination: "erp", limit: 9, leaseMs: 60_000, ordered: true },
        now: Date.now() + 5000,
      });
      for (const { lease, event: { key } } of leased) {
        sent.push(key);
        await journal.outbox.complete(lease, attempt(), { state: "delivered" });
      }
    }
    assertEquals(sent, ["first", "second", "third", "fourth"]);
    await journal.close();
  }));
