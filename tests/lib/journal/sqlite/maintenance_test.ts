/** Changing a journal beside the process that writes it. */
import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { JournalNotOpened } from "../../../../lib/journal/errors.ts";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { checkOutbox } from "./check_outbox.ts";
import { bytesOf, delivery, event, refusal, withFolder } from "../samples.ts";

Deno.test("openJournal() beside a writer lets both write, and neither loses anything", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const server = openJournal(path, { refused: { count: 50, bodyBytes: 100 } });
    const old = { receivedAt: 1, answeredAt: 1 };
    await Promise.all(
      Array.from({ length: 2000 }, () => server.record(delivery({ ...old, body: bytesOf("{}") }))),
    );
    const beside = openJournal(path, { maintenance: true });
    let done = false;
    const pruned = beside.prune({ olderThanMs: 1000, budgetMs: Infinity }).finally(() => {
      done = true;
    });
    const now = Date.now();
    let recorded = 0;
    while (!done) {
      // Both reject where they have to wait for longer than `busy_timeout`.
      await server.record(delivery({ receivedAt: now }));
      await server.record(refusal({ receivedAt: now }));
      recorded++;
    }
    assertEquals((await pruned).deliveries, 2000);
    const { accepted, refused } = await server.counts();
    assertEquals([accepted, refused], [recorded, Math.min(recorded, 50)]);
    await beside.close();
    await server.record(delivery({ receivedAt: now }));
    await server.close();
    const again = openJournal(path, { readOnly: true });
    assertEquals((await again.counts()).accepted, recorded + 1);
    await again.close();
    checkOutbox(path);
  });
});

Deno.test("openJournal() beside a writer may stay behind when that closes and opens again", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const first = openJournal(path);
    await first.record(delivery(), { events: [event()] });
    const beside = openJournal(path, { maintenance: true });
    await first.close();
    const second = openJournal(path);
    const [forward] = (await beside.outbox.list()).forwards;
    assertEquals(await beside.outbox.cancel([forward?.id ?? ""]), 1);
    assertEquals((await second.outbox.list()).forwards.map(({ state }) => state), ["cancelled"]);
    await second.record(delivery());
    await second.close();
    assertEquals(await beside.outbox.retry([forward?.id ?? ""]), 1);
    await beside.close();
    const last = openJournal(path);
    assertEquals(
      [(await last.counts()).accepted, (await last.outbox.counts()).get("erp")?.waiting],
      [2, 1],
    );
    await last.close();
  });
});

Deno.test("openJournal() beside a writer makes no file, and brings none up to date", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    assertThrows(() => openJournal(path, { maintenance: true }), JournalNotOpened);
    assertEquals([...Deno.readDirSync(folder)], []);
    const journal = openJournal(path);
    await journal.close();
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 1");
    database.close();
    assertThrows(
      () => openJournal(path, { maintenance: true }),
      JournalNotOpened,
      `Cannot open journal "${path}": an older version of this program wrote it`,
    );
  });
});
