import { DatabaseSync } from "node:sqlite";
import { JournalNotOpened } from "../errors.ts";
import { checkSchema, migrate } from "./migrate.ts";
import { MIGRATIONS } from "./migrations/mod.ts";
import { describeError } from "./sqlite_error.ts";

/** `FULL` makes a commit durable; `secure_delete` leaves less for `erase()` to clean up. */
const WRITER_PRAGMAS = `
  PRAGMA busy_timeout = 2000;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA secure_delete = FAST;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA cache_size = -16384;
  PRAGMA temp_store = MEMORY;
`;

/**
 * Opens the file of a journal for writing, and makes it when it is missing.
 *
 * @param path Its path; the folder must exist.
 * @returns The database, with the present schema.
 * @throws {JournalNotOpened} When it is not a journal that this program can use.
 */
export function openForWriting(path: string): DatabaseSync {
  return opened(path, false, (database) => {
    const version = checkSchema(database, path);
    // Takes effect in an empty file only, and before anything is written to it.
    database.exec("PRAGMA auto_vacuum = INCREMENTAL");
    database.exec(WRITER_PRAGMAS);
    migrate(database, version);
  });
}

/**
 * Opens the file of a journal for reading, also beside a process that writes.
 *
 * @param path Its path.
 * @returns The database.
 * @throws {JournalNotOpened} When it is missing or not a journal that this program can use.
 */
export function openForReading(path: string): DatabaseSync {
  return opened(path, true, (database) => {
    database.exec("PRAGMA busy_timeout = 2000");
    const version = checkSchema(database, path);
    if (version < MIGRATIONS.length) {
      throw new JournalNotOpened(
        `Cannot open journal "${path}": an older version of this program wrote it; ` +
          `the server brings it up to date when it starts`,
      );
    }
  });
}

function opened(
  path: string,
  readOnly: boolean,
  prepare: (database: DatabaseSync) => void,
): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    if (!readOnly) makeFile(path);
    database = new DatabaseSync(path, { readOnly });
    prepare(database);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof JournalNotOpened) throw error;
    throw new JournalNotOpened(`Cannot open journal "${path}": ${describeError(error)}`, {
      cause: error,
    });
  }
}

/** Not left to SQLite: what it holds is for the owner alone. The files beside it inherit that. */
function makeFile(path: string): void {
  try {
    Deno.openSync(path, { write: true, createNew: true, mode: 0o600 }).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}
