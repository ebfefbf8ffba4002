/**
 * `Deno.serve` and `node:sqlite`, one insert a delivery in the program's own thread: what this
 * runtime can do for a lone request that is on disk before it is answered.
 * Usage: serve_sqlite.js FILE. Prints its port.
 */
import { DatabaseSync } from "node:sqlite";
import { serveKept } from "./serve_kept.js";

const database = new DatabaseSync(`${Deno.args[0]}-serve.db`);
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE deliveries (
  id TEXT PRIMARY KEY, received_at INTEGER, status INTEGER, headers TEXT, body BLOB, answer BLOB)`);
const insertion = database.prepare("INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?)");

serveKept(({ id, receivedAt, status, headers, body, answer }) => {
  insertion.run(id, receivedAt, status, headers, body, answer);
});
