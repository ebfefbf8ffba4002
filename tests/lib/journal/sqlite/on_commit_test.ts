import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { JournalUnavailable } from "../../../../lib/journal/errors.ts";
import { openJournal, type OpenOptions } from "../../../../lib/journal/sqlite/open.ts";
import { delivery, withFolder } from "../samples.ts";

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
