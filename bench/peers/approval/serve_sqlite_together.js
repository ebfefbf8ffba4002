/**
 * `Deno.serve` and `node:sqlite`, one transaction for all that wait: what this runtime can do under
 * load for requests that are in a database before they are answered.
 * Usage: serve_sqlite_together.js FILE. Prints its port.
 */
import { DatabaseSync } from "node:sqlite";
import { keepTogether } from "./keep_together.js";
import { serveKept } from "./serve_kept.js";

const database = new DatabaseSync(`${Deno.args[0]}-together.db`);
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE deliveries (
  id TEXT PRIMARY KEY, received_at INTEGER, status INTEGER, headers TEXT, body BLOB, answer BLOB)`);
const insertion = database.prepare("INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?)");

serveKept(keepTogether((deliveries) => {
  database.exec("BEGIN");
  for (const { id, receivedAt, status, headers, body, answer } of deliveries) {
    insertion.run(id, receivedAt, status, headers, body, answer);
  }
  database.exec("COMMIT");
}));
