/**
 * Opens a journal that an earlier version left, to be killed while it brings that up to date: the
 * other half of `gradual_migration_test.ts`. Usage: migrator.ts JOURNAL
 */
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";

const [path = ""] = Deno.args;
const say = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
say("opens");
const journal = openJournal(path, { onMigrating: (done) => say(String(done)) });
await journal.close();
say("closed");
