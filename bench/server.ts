/**
 * The server on a free port, for measurements, as `serve` runs it: with its log on standard error
 * and its metrics. Usage: deno run bench/server.ts (FILE | none). Prints its port, and ends when
 * its input does.
 */
import { join } from "@std/path";
import { handlers } from "../handlers/mod.ts";
import { loadConfig } from "../lib/config/load.ts";
import { createExportRoutes } from "../lib/exports/routes.ts";
import { startServer } from "../lib/http/server.ts";
import { openJournalInThread } from "../lib/journal/sqlite/open_in_thread.ts";
import { configureLog } from "../lib/observe/log.ts";
import { createMeters } from "../lib/observe/metrics/meters.ts";
import { KEY } from "./load/signed.ts";

const [journalFile = "none"] = Deno.args;
const loaded = await loadConfig({
  file: new URL("../config.json", import.meta.url).pathname,
  kinds: handlers,
  env: (name) => name === "USTORE_SIGNATURE_KEY" ? KEY : undefined,
  flags: { port: 0 },
});
if ("mistakes" in loaded) throw new Error(JSON.stringify(loaded.mistakes));
configureLog(loaded.config.log, loaded.secrets);
const meters = createMeters("0.0.0");
const folder = await Deno.makeTempDir({ prefix: "storehook-bench-" });
const kept = journalFile === "none"
  ? await openJournalInThread(join(folder, "journal.db"))
  : await openJournalInThread(journalFile, { onCommit: meters.journal.committed });
const journal = journalFile === "none" ? { ...kept, record: () => Promise.resolve() } : kept;
const server = startServer(loaded.config.server, {
  endpoints: loaded.endpoints,
  journal,
  exports: createExportRoutes(journal, () => loaded.config.timeZone),
  meter: meters.requests,
});
console.log(new URL(server.url).port);
await Deno.stdin.readable.pipeTo(new WritableStream());
await server.stop();
await journal.close();
await Deno.remove(folder, { recursive: true });
