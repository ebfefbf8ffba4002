import type { DatabaseSync } from "node:sqlite";
import type { JournalFileWatch } from "./file_watch.ts";

/** Which of the files that were opened still stand at their paths. */
export type InPlace = Pick<JournalFileWatch, "database" | "log">;

/** A reader that is in the way keeps the log; what can be moved out of it is moved all the same. */
const WAIT_FOR_READERS_MS = 1000;

/**
 * Closes the database of a journal so that all of it stands in its file: whoever copies that file
 * has everything. The log is emptied into it before, for SQLite does so only when no other
 * connection is left, and never when a file was moved or removed: then the moved database would
 * lack what was acknowledged, and the log would be applied to whatever stands in its place.
 *
 * @param database The open database.
 * @param path The path at which it was opened.
 * @param inPlace Which of its files still stand there.
 */
export function closeWhole(database: DatabaseSync, path: string, inPlace: InPlace): void {
  const isMoved = !inPlace.database();
  try {
    database.exec(`PRAGMA busy_timeout = ${isMoved ? 0 : WAIT_FOR_READERS_MS}`);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    database.close();
    // With no database in its place the log stays, for the moved one may come back.
    if (isMoved && exists(path) && inPlace.log()) removeLog(path);
  }
}

function removeLog(path: string): void {
  for (const file of [`${path}-wal`, `${path}-shm`]) {
    if (exists(file)) Deno.removeSync(file);
  }
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    // What can't be looked at can't be mended either.
    return false;
  }
}
