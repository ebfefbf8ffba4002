import { DatabaseSync } from "node:sqlite";
import { notOpened } from "../../errors.ts";
import { isServed } from "./lock.ts";
import { sqliteCode } from "./sqlite_error.ts";

/** Databases that may not be closed: see {@linkcode refuseUnlocked}. */
const leftOpen: DatabaseSync[] = [];

/**
 * Refuses to open a journal beside a server that has lost its locks on it, as happens on Linux and
 * macOS to a process that closes any descriptor of a file. SQLite would take the journal for one
 * that nobody has open: it would begin a new index of the log under the server, and remove the log
 * in the end, with what was acknowledged.
 *
 * @param path The path of the journal.
 * @throws {JournalNotOpened} When a server has it open and nothing shows that but its own lock.
 */
export function refuseUnlocked(path: string): void {
  if (Deno.build.os === "windows" || !isServed(path)) return;
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA busy_timeout = 0");
    // Needs a lock that nobody gets while another process has the journal open, and touches no index.
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    // Not prepared: Deno 2.5 would not say why it can't be.
    database.exec("SELECT count(*) FROM sqlite_schema");
  } catch (error) {
    database.close();
    // What else is wrong is told by whoever opens it.
    if (sqliteCode(error) !== undefined) return;
    throw error;
  }
  // To close it would remove the log. The end of the process does not.
  leftOpen.push(database);
  throw notOpened(
    path,
    "the server that has it open has lost its locks on it, so nothing beside it is safe: " +
      "restart the server, then try again",
  );
}

/**
 * Has a journal keep its log when other connections of this process are closed, whatever they take
 * other processes for: as long as this one reads too, they are not the last.
 *
 * @param path The path of the journal.
 * @returns What is closed after them.
 */
export function keepLog(path: string): { readonly close: () => void } {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    database.exec("PRAGMA busy_timeout = 10000");
    database.prepare("SELECT count(*) FROM sqlite_schema").get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
