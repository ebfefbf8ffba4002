import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { JournalUnavailable } from "../../../../lib/journal/errors.ts";
import { openJournal, type OpenOptions } from "../../../../lib/journal/sqlite/open.ts";
import { delivery, event, withFolder } from "../samples.ts";

type Commit = Parameters<NonNullable<OpenOptions["onCommit"]>>[0];

Deno.test("openJournal() tells each transaction: how many changes it held, and whether it is stored", () =>
  withFolder(async (folder) => {
    const commits: Commit[] = [];
    const journal = openJournal(join(folder, "journal.db"), {
      maxPages: 140,
      onCommit: (commit) => commits.push(commit),
    });
    try {
      await Promise.all([delivery(), delivery(), delivery()].map((each) => journal.record(each)));
      await journal.record(delivery());
      const large = delivery({ body: new Uint8Array(1_000_000) });
      await assertRejects(() => journal.record(large), JournalUnavailable);
    } finally {
      await journal.close();
    }
    assertEquals(commits.map(({ changes, stored }) => [changes, stored]), [
      [3, true],
      [1, true],
      [1, false],
    ]);
    assertEquals(commits.every(({ durationMs }) => durationMs > 0), true);
  }));

Deno.test("record() stores approvals before events by the thousand, which keep their order", () =>
  withFolder(async (folder) => {
    const commits: Commit[] = [];
    const onCommit = (commit: Commit) => commits.push(commit);
    const journal = openJournal(join(folder, "journal.db"), { onCommit });
    const done: string[] = [];
    const record = async (name: string, count: number) => {
      const events = Array.from({ length: count }, () => event());
      await journal.record(delivery(), { events });
      done.push(name);
    };
    const many = [record("many", 1000), record("many more", 500), record("few", 2)];
    await Promise.all([record("approval", 0), ...many, record("another approval", 0)]);
    assertEquals(done, ["approval", "another approval", "many", "many more", "few"]);
    assertEquals(commits.map(({ changes }) => changes), [2, 1, 1, 1]);
    assertEquals((await journal.events.counts()).events, 1502);

    const last = [record("many", 300), record("approval", 0)];
    await journal.close();
    await Promise.all(last);
  }));

Deno.test("record() stores approvals before bodies of megabytes", () =>
  withFolder(async (folder) => {
    const commits: Commit[] = [];
    const onCommit = (commit: Commit) => commits.push(commit);
    const journal = openJournal(join(folder, "journal.db"), { onCommit });
    const done: string[] = [];
    const record = async (name: string, bytes: number) => {
      await journal.record(delivery({ body: new Uint8Array(bytes) }));
      done.push(name);
    };
    await Promise.all([record("large", 2_000_000), record("approval", 2), record("another", 2000)]);
    await journal.close();
    assertEquals(done, ["approval", "another", "large"]);
    assertEquals(commits.map(({ changes }) => changes), [2, 1]);
  }));
