import {
  assert,
  assertEquals,
  assertGreater,
  assertInstanceOf,
  assertLess,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { join } from "@std/path";
import { type Journal, REFUSED_LIMITS } from "../../../../lib/journal/journal.ts";
import { JournalUnavailable } from "../../../../lib/journal/errors.ts";
import { encodeDelivery } from "../../../../lib/journal/sqlite/deliveries.ts";
import { holdConnection } from "../../../../lib/journal/sqlite/connection_holder.ts";
import { openJournal, type OpenOptions } from "../../../../lib/journal/sqlite/open.ts";
import { openWriteSession } from "../../../../lib/journal/sqlite/session.ts";
import { bytesOf, delivery, withFolder } from "../samples.ts";

/** Open files can't be moved or removed there, so none of this can happen. */
const ignore = Deno.build.os === "windows";

function withJournal(
  options: OpenOptions,
  run: (journal: Journal, path: string) => Promise<void>,
): Promise<void> {
  return withFolder(async (folder) => {
    const path = join(folder, "data", "journal.db");
    const journal = openJournal(path, { probeEveryMs: 0, ...options });
    try {
      await run(journal, path);
    } finally {
      await journal.close();
    }
  });
}

async function ids(journal: Journal): Promise<string[]> {
  return await Array.fromAsync(journal.each(), ({ id }) => id);
}

Deno.test("record() stores nothing on a full disk and goes on when there is room", () =>
  withJournal({ maxPages: 140 }, async (journal) => {
    const large = () => delivery({ body: new Uint8Array(150_000) });
    const [first, second] = [large(), large()];
    await Promise.all([first, second].map((each) => journal.record(each)));
    const small = delivery();
    const group = await Promise.allSettled(
      [large(), small, large()].map((each) => journal.record(each)),
    );
    for (const result of group) {
      assert(result.status === "rejected" && result.reason instanceof JournalUnavailable);
    }
    assertEquals(await ids(journal), [first.id, second.id]);
    assertEquals(journal.state(), { writable: true });
    await journal.record(small);

    const filler = Array.from({ length: 10 }, () => delivery({ body: new Uint8Array(50_000) }));
    await Promise.allSettled(filler.map((each) => journal.record(each)));
    await Promise.allSettled([journal.record(large())]);
    await journal.prune({ olderThanMs: 0, budgetMs: 10_000 });
    const last = large();
    await journal.record(last);
    assertEquals(await ids(journal), [last.id]);
  }));

Deno.test("state() tells of a full disk until there is room", () =>
  withJournal({ maxPages: 60 }, async (journal) => {
    const chunk = () => delivery({ body: new Uint8Array(20_000) });
    for (let count = 0; count < 20; count++) {
      await journal.record(chunk()).catch((error) => assertInstanceOf(error, JournalUnavailable));
    }
    assertEquals(journal.state(), { writable: false, reason: "the disk is full" });
    assertEquals(journal.state(), { writable: false, reason: "the disk is full" });
    await journal.prune({ olderThanMs: 0, budgetMs: 10_000 });
    assertEquals(journal.state(), { writable: true });
  }));

Deno.test("record() gives back what one large delivery made the log grow", () =>
  withJournal({}, async (journal, path) => {
    await journal.record(delivery({ body: new Uint8Array(16_000_000) }));
    assertGreater(Deno.statSync(`${path}-wal`).size, 16_000_000);
    // The log begins anew once all of it stands in the file.
    for (let count = 0; count < 3; count++) {
      await journal.record(delivery({ body: new Uint8Array(1000) }));
    }
    assertLess(Deno.statSync(`${path}-wal`).size, 5_300_000);
  }));

Deno.test({
  name: "record() begins a new file when the file was removed",
  ignore,
  fn: () =>
    withJournal({}, async (journal, path) => {
      await journal.record(delivery());
      Deno.removeSync(path);
      const second = delivery();
      await journal.record(second);
      const reader = openJournal(path, { readOnly: true });
      assertEquals(await ids(reader), [second.id]);
      await reader.close();
    }),
});

Deno.test({
  name: "record() begins new files when the log or the lock was removed, and loses nothing",
  ignore,
  fn: () =>
    withJournal({}, async (journal, path) => {
      const all = [delivery(), delivery(), delivery()];
      for (const [index, suffix] of ["-wal", "-lock", "-shm"].entries()) {
        const each = all[index] ?? delivery();
        await journal.record(each);
        Deno.removeSync(`${path}${suffix}`);
      }
      const last = delivery();
      await journal.record(last);
      await journal.close();
      const reader = openJournal(path, { readOnly: true });
      assertEquals(await ids(reader), [...all, last].map(({ id }) => id));
      await reader.close();
    }),
});

Deno.test({
  name: "record() waits for a folder that was taken away and goes on where it stopped",
  ignore,
  fn: () =>
    withJournal({}, async (journal, path) => {
      const folder = join(path, "..");
      const [first, refused, second] = [delivery(), delivery(), delivery()];
      await journal.record(first);
      Deno.renameSync(folder, `${folder}.away`);
      await assertRejects(() => journal.record(refused), JournalUnavailable);
      assertEquals(journal.state().writable, false);
      Deno.renameSync(`${folder}.away`, folder);
      assertEquals(journal.state(), { writable: true });
      await journal.record(second);
      assertEquals(await ids(journal), [first.id, second.id]);
    }),
});

Deno.test({
  name: "record() goes on in a backup that was put in the file's place",
  ignore,
  fn: () =>
    withJournal({}, async (journal, path) => {
      const [first, second, third] = [delivery(), delivery(), delivery()];
      await journal.record(first);
      await journal.backup(`${path}.copy`);
      await journal.record(second);
      Deno.renameSync(`${path}.copy`, path);
      await journal.record(third);
      assertEquals(await ids(journal), [first.id, third.id]);
    }),
});

Deno.test({
  name: "transaction() does not acknowledge what went to a file that was removed meanwhile",
  ignore,
  fn: () =>
    withFolder((folder) => {
      const path = join(folder, "journal.db");
      const holder = holdConnection(() => openWriteSession(path, { refusedCount: 10 }));
      assertThrows(
        () =>
          holder.transaction(({ writer }) => {
            writer.insert(encodeDelivery(delivery(), REFUSED_LIMITS));
            Deno.removeSync(path);
          }),
        JournalUnavailable,
        "the file was removed or replaced",
      );
      assertEquals(holder.state().writable, false);
      holder.transaction(({ writer }) => writer.insert(encodeDelivery(delivery(), REFUSED_LIMITS)));
      assertEquals(holder.state(), { writable: true });
      holder.close();
    }),
});

Deno.test({
  name: "record() leaves everything in a file that was moved away",
  ignore,
  fn: () =>
    withJournal({}, async (journal, path) => {
      const [first, second, third] = [delivery(), delivery(), delivery()];
      await journal.record(first);
      await journal.record(second);
      Deno.renameSync(path, `${path}.moved`);
      await journal.record(third);
      assertEquals(await ids(journal), [third.id]);
      const moved = openJournal(`${path}.moved`, { readOnly: true });
      assertEquals(await ids(moved), [first.id, second.id]);
      await moved.close();
    }),
});

Deno.test("backup() copies everything while it is written, and can be opened", () =>
  withJournal({}, async (journal, path) => {
    const recorded = Array.from({ length: 200 }, () => delivery());
    const { token } = await journal.exportOf("/cart", "list 1");
    const exported = { token, list: bytesOf("list") };
    await Promise.all(recorded.map((each) => journal.record(each, { exported })));
    const later = journal.record(delivery());
    const reader = openJournal(path, { readOnly: true });
    await reader.backup(`${path}.copy`);
    await reader.close();
    await later;
    await assertRejects(
      () => journal.backup(`${path}.copy`),
      Deno.errors.AlreadyExists,
      `Cannot write backup "${path}.copy": the file exists`,
    );
    const restored = openJournal(`${path}.copy`);
    assertEquals(await ids(restored), recorded.map(({ id }) => id));
    assertEquals((await restored.findExport(token))?.list, bytesOf("list"));
    await restored.record(delivery());
    await restored.close();
  }));

Deno.test("backup() leaves nothing behind where it can't write", () =>
  withJournal({}, async (journal, path) => {
    await assertRejects(() => journal.backup(join(path, "copy")), Error, "Not a directory");
    await journal.record(delivery());
  }));

Deno.test("erase() leaves no byte of the address in any file", () =>
  withJournal({}, async (journal, path) => {
    const body = bytesOf(`{"Email":"ann@example.com"}${" ".repeat(9000)}ann@example.com`);
    await Promise.all(Array.from({ length: 50 }, () => journal.record(delivery({ body }))));
    await journal.erase("ann@example.com");
    for (const file of [path, `${path}-wal`]) {
      const latin1 = new TextDecoder("latin1").decode(Deno.readFileSync(file));
      assertEquals(latin1.includes("ann@example.com"), false);
    }
  }));

Deno.test("prune() goes on where its budget ended, and makes the file smaller", () =>
  withJournal({}, async (journal, path) => {
    const all = Array.from({ length: 3000 }, () => delivery({ body: new Uint8Array(9000) }));
    await Promise.all(all.map((each) => journal.record(each)));
    const before = await journal.counts();
    const first = await journal.prune({ olderThanMs: 0, budgetMs: 0 });
    assertEquals(first.done, false);
    const second = await journal.prune({ olderThanMs: 0, budgetMs: 60_000 });
    assertEquals(second.done, true);
    assertEquals(first.deliveries + second.deliveries, 3000);
    assert((await journal.counts()).bytes < before.bytes / 100);
    assertEquals(Deno.statSync(path).isFile, true);
  }));
