/**
 * The server on a free port, for measurements. Usage: deno run bench/server.ts (FILE | none).
 * Prints its port, and at each line of input its resident memory in bytes.
 */
import { handlers } from "../handlers/mod.ts";
import { loadConfig } from "../lib/config/load.ts";
import { createExportRoutes } from "../lib/exports/routes.ts";
import { startServer } from "../lib/http/server.ts";
import { memoryJournal } from "../lib/journal/memory/memory.ts";
import { openJournalInThread } from "../lib/journal/sqlite/thread/open.ts";

const [journalFile = "none"] = Deno.args;
const loaded = await loadConfig({
  file: new URL("../config.json", import.meta.url).pathname,
  kinds: handlers,
  env: () => undefined,
  flags: { port: 0 },
});
if ("mistakes" in loaded) throw new Error(JSON.stringify(loaded.mistakes));
const journal = journalFile === "none"
  ? { ...memoryJournal(), record: () => Promise.resolve() }
  : await openJournalInThread(journalFile);
const server = startServer(loaded.config.server, {
  endpoints: loaded.endpoints,
  journal,
  exports: createExportRoutes(journal),
});
console.log(new URL(server.url).port);
for await (const _line of Deno.stdin.readable) console.log(Deno.memoryUsage().rss);
await server.stop();
await journal.close();
