/** The thread of `parts.ts`: the first message is its file, each other is stored as a whole. */
/// <reference lib="webworker" />
import { DatabaseSync } from "node:sqlite";

/** What is stored of an order approval. */
export interface KeptDelivery {
  readonly id: string;
  readonly receivedAt: number;
  readonly headers: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly answer: Uint8Array<ArrayBuffer>;
}

addEventListener("message", (event) => {
  if (event instanceof MessageEvent) open(event.data);
}, { once: true });

function open(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS deliveries (
      id TEXT PRIMARY KEY, received_at INTEGER, headers TEXT, body BLOB, answer BLOB)`);
  const insertion = database.prepare("INSERT INTO deliveries VALUES (?, ?, ?, ?, ?)");
  addEventListener("message", (event) => {
    if (!(event instanceof MessageEvent)) return;
    const deliveries: readonly KeptDelivery[] = event.data;
    database.exec("BEGIN");
    for (const { id, receivedAt, headers, body, answer } of deliveries) {
      insertion.run(id, receivedAt, headers, body, answer);
    }
    database.exec("COMMIT");
    self.postMessage("stored");
  });
  self.postMessage("opened");
}
