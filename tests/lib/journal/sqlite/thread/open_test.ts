import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { setImmediate } from "node:timers";
import { JournalNotOpened, JournalUnavailable } from "../../../../../lib/journal/errors.ts";
import type { Journal } from "../../../../../lib/journal/journal.ts";
import type { Commit } from "../../../../../lib/journal/sqlite/group_commit.ts";
import { openJournalInThread } from "../../../../../lib/journal/sqlite/thread/open.ts";
import { testContract } from "../../contract.ts";
import { delivery, withFolder, type WithJournal } from "../../samples.ts";

const withJournal: WithJournal = (run, refused) =>
  withFolder(async (folder) => {
    const path = join(folder, "data", "journal.db");
    const journal = await openJournalInThread(path, refused === undefined ? {} : { refused });
    try {
      await run(journal);
    } finally {
      await journal.close();
    }
  });

// Starting a thread takes longer than an example, and the statements behind it are the same.
testContract("openJournalInThread()", withJournal, 5);

Deno.test("openJournalInThread() refuses a second writer", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const journal = await openJournalInThread(path);
    await assertRejects(() => openJournalInThread(path), JournalNotOpened, "another process");
    await journal.close();
    await (await openJournalInThread(path)).close();
  }));

Deno.test("record() makes one transaction of what comes while another is stored", () =>
  withFolder(async (folder) => {
    const commits: Commit[] = [];
    const journal = await openJournalInThread(join(folder, "journal.db"), {
      onCommit: (commit) => commits.push(commit),
    });
    const first = journal.record(delivery());
    // By then the first is on its way, and nothing else is sent before it is stored.
    await new Promise((resolve) => setImmediate(resolve));
    const later: Promise<void>[] = [];
    for (let count = 0; count < 3; count++) {
      later.push(journal.record(delivery()));
      await new Promise((resolve) => queueMicrotask(() => resolve(undefined)));
    }
    await Promise.all([first, ...later]);
    assertEquals(commits.map(({ changes, stored }) => [changes, stored]), [[1, true], [3, true]]);
    await journal.close();
  }));

Deno.test("record() keeps in one transaction what is asked for without a pause", () =>
  withFolder(async (folder) => {
    const commits: Commit[] = [];
    const journal = await openJournalInThread(join(folder, "journal.db"), {
      onCommit: (commit) => commits.push(commit),
    });
    // More than are sent without waiting for others.
    await Promise.all(Array.from({ length: 30 }, () => journal.record(delivery())));
    assertEquals(commits.map(({ changes }) => changes), [30]);
    await journal.close();
  }));

/** Records deliveries one after the other, without a turn of the event loop between them. */
async function recordInTurn(journal: Journal, count: number): Promise<void> {
  const all: Promise<void>[] = [];
  for (let made = 0; made < count; made++) {
    all.push(journal.record(delivery()));
    await new Promise((resolve) => queueMicrotask(() => resolve(undefined)));
  }
  await Promise.all(all);
}

Deno.test("record() does not wait for what is being stored once there is enough", () =>
  withFolder(async (folder) => {
    const commits: Commit[] = [];
    const journal = await openJournalInThread(join(folder, "journal.db"), {
      onCommit: (commit) => commits.push(commit),
    });
    await recordInTurn(journal, 30);
    assertEquals(commits.map(({ changes }) => changes), [12, 12, 6]);
    await journal.close();
  }));

Deno.test("record() takes half of those who lately waited for enough", () =>
  withFolder(async (folder) => {
    const commits: Commit[] = [];
    const journal = await openJournalInThread(join(folder, "journal.db"), {
      onCommit: (commit) => commits.push(commit),
    });
    await Promise.all(Array.from({ length: 64 }, () => journal.record(delivery())));
    await recordInTurn(journal, 64);
    assertEquals(commits.map(({ changes }) => changes), [64, 32, 32]);
    await journal.close();
  }));

Deno.test({
  name: "state() tells that the folder was taken away, and that it is back",
  ignore: Deno.build.os === "windows", // open files can't be moved there
  fn: () =>
    withFolder(async (folder) => {
      const [inside, away] = [join(folder, "data"), join(folder, "away")];
      const journal = await openJournalInThread(join(inside, "journal.db"), { probeEveryMs: 5 });
      const [kept, refused, later] = [delivery(), delivery(), delivery()];
      await journal.record(kept);
      Deno.renameSync(inside, away);
      await assertRejects(() => journal.record(refused), JournalUnavailable);
      assertEquals(journal.state().writable, false);
      assertThrows(() => journal.list(), JournalUnavailable);
      Deno.renameSync(away, inside);
      while (!journal.state().writable) await new Promise((resolve) => setTimeout(resolve, 1));
      await journal.record(later);
      assertEquals(Array.from(journal.each(), ({ id }) => id), [kept.id, later.id]);
      await journal.close();
    }),
});
