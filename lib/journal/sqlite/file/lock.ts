import { DatabaseSync } from "node:sqlite";
import { JournalNotOpened } from "../../errors.ts";
import { SQLITE, sqliteCode } from "./sqlite_error.ts";

/** A lock that is held; the system lets go of it when the process ends, however it ends. */
export interface Lock {
  readonly release: () => void;
}

/**
 * Takes the right to write to a journal. A transaction on a database of its own that never ends
 * serves as the lock: it works wherever SQLite works, and `kill -9` releases it.
 *
 * @param path The path of the journal; the lock is the file beside it.
 * @returns The lock.
 * @throws {JournalNotOpened} When another process, or this one, holds it already.
 */
export function takeLock(path: string): Lock {
  const database = new DatabaseSync(lockPath(path));
  try {
    // Deno 2.5 would wait for five seconds; whoever has it keeps it for as long as it runs.
    database.exec("PRAGMA busy_timeout = 0");
    database.prepare("BEGIN EXCLUSIVE").run();
  } catch (error) {
    database.close();
    if (sqliteCode(error) !== SQLITE.busy) throw error;
    throw new JournalNotOpened(
      `Cannot open journal "${path}": another process has it open for writing`,
    );
  }
  return { release: () => database.close() };
}

/**
 * Names the lock's file. It stays behind when the lock is released: to remove it would race with
 * the next process that takes it.
 *
 * @param path The path of the journal.
 * @returns The path of the lock.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { lockPath } from "./lock.ts";
 *
 * assertEquals(lockPath("data/journal.db"), "data/journal.db-lock");
 * ```
 */
export function lockPath(path: string): string {
  return `${path}-lock`;
}
