/**
 * A server, as far as the journal is concerned, that loses the locks on its journal: it opens and
 * closes the files, as a watcher or a backup within the process would. Prints each request id as
 * soon as it is acknowledged.
 */
import { openJournalInThread } from "../../lib/journal/sqlite/open_in_thread.ts";
import { delivery } from "../lib/journal/samples.ts";

const [path = ""] = Deno.args;
const journal = await openJournalInThread(path);
for (let turn = 0;; turn++) {
  const requestId = `turn-${turn}`;
  await journal.record(delivery({ requestId }));
  await journal.list({ limit: 1 });
  for (const suffix of ["", "-shm", "-wal", "-lock"]) Deno.readFileSync(`${path}${suffix}`);
  await Deno.stdout.write(new TextEncoder().encode(`${requestId}\n`));
}
