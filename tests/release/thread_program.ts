/** A program with a thread of its own, for the tests of the bundle. */
import { openJournalInThread } from "../../lib/journal/sqlite/open_in_thread.ts";

const journal = await openJournalInThread(Deno.args[0] ?? "");
await journal.close();
console.log("closed");
