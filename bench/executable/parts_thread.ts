/** The thread of `parts.ts`. */
/// <reference lib="webworker" />
import { DatabaseSync } from "node:sqlite";

const database = new DatabaseSync(":memory:");
database.exec("CREATE TABLE deliveries (seq INTEGER PRIMARY KEY) STRICT");
self.postMessage("opened");
