import type { DatabaseSync } from "node:sqlite";

/** Which of the files that were opened still stand at their paths. */
export interface InPlace {
  readonly database: () => boolean;
  readonly log: () => boolean;
}

/**
 * Closes a database whose files may have been moved. SQLite leaves the log of a moved database
 * where it is: the moved one would lack what was acknowledged, and the log would be applied to
 * whatever stands in the place of the moved one.
 *
 * @param database The open database.
 * @param path The path at which it was opened.
 * @param inPlace Which of its files still stand there.
 */
export function closeMoved(database: DatabaseSync, path: string, inPlace: InPlace): void {
  if (inPlace.database()) {
    database.close();
    return;
  }
  try {
    database.exec("PRAGMA busy_timeout = 0");
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    database.close();
    // With no database in its place the log stays, for the moved one may come back.
    if (exists(path) && inPlace.log()) removeLog(path);
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
