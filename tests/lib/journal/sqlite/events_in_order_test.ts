import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { openJournalInThread } from "../../../../lib/journal/sqlite/open_in_thread.ts";
import { delivery, event, withFolder } from "../samples.ts";

/** So many take turns of the event loop to encode, on any machine. */
const MANY = 30_000;

const STORES = { "in this thread": openJournal, "in a thread of its own": openJournalInThread };

for (const [where, open] of Object.entries(STORES)) {
  Deno.test(`record() ${where} stores few events behind many that came before, also when it is closed`, () =>
    withFolder(async (folder) => {
      const path = join(folder, "journal.db");
      const journal = await open(path);
      const done: string[] = [];
      const record = async (name: string, count: number) => {
        const events = Array.from({ length: count }, () => event());
        await journal.record(delivery(), { events });
        done.push(name);
      };
      const all = [record("many", MANY), record("few", 1), record("approval", 0)];
      all.push(record("more", 20), record("another", 2));
      await journal.close();
      await Promise.all(all);
      assertEquals(done, ["approval", "many", "few", "more", "another"]);
      const again = openJournal(path, { readOnly: true });
      assertEquals((await again.events.counts()).events, MANY + 23);
      await again.close();
    }));
}
