import { DatabaseSync } from "node:sqlite";
import { retryWhileBusySync } from "../../util/files.ts";
import { JournalNotOpened, notOpened } from "../errors.ts";
import type { JournalFilesLook } from "./files.ts";
import { FULL_LOG_BYTES } from "./log_emptying.ts";
import { checkSchema, migrate, MIGRATIONS } from "./migrations.ts";
import { assertSoundDatabase, describeError } from "./soundness.ts";

/**
 * `FULL` makes a commit durable; `secure_delete` leaves less for `erase()` to clean up. The log is
 * emptied at 3 MB: what one large delivery made it grow beyond that is cut off when it begins anew.
 * Rows are added at the end, and what is not in SQLite's cache is in the system's: 6 MB of it in
 * place of 2 took 4 MiB more under load, and were no faster.
 */
const WRITER_PRAGMAS = `
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA secure_delete = FAST;
  PRAGMA journal_size_limit = ${FULL_LOG_BYTES};
  PRAGMA cache_size = -2048;
  PRAGMA temp_store = MEMORY;
`;

/**
 * Opens the file of a journal for writing, and makes it when it is missing.
 *
 * @param path Its path; the folder must exist.
 * @param onMigrating Hears how much is done, from 0 to 1, while an older journal is brought up to date.
 * @returns The database, with the present schema.
 * @throws {JournalNotOpened} When it is not a journal that this program can use.
 */
export function openForWriting(
  path: string,
  onMigrating?: (done: number) => void,
): DatabaseSync {
  return opened(path, "make", (database) => {
    const { version } = checkSchema(database, path);
    // Takes effect in an empty file only, and before anything is written to it.
    database.exec("PRAGMA auto_vacuum = INCREMENTAL");
    database.exec("PRAGMA busy_timeout = 2000");
    database.exec("PRAGMA journal_mode = WAL");
    database.exec(WRITER_PRAGMAS);
    migrate(database, version, MIGRATIONS, onMigrating);
  });
}

/**
 * Opens the file of a journal to change it beside the process that writes it.
 *
 * @param path Its path.
 * @returns The database.
 * @throws {JournalNotOpened} When it is missing or not a journal that this program can use.
 */
export function openForMaintenance(path: string): DatabaseSync {
  return opened(path, "change", (database) => {
    // Nobody waits for an answer, and a busy server leaves short gaps only.
    database.exec("PRAGMA busy_timeout = 10000");
    needPresentSchema(database, path);
    database.exec(WRITER_PRAGMAS);
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
  return opened(path, "read", (database) => {
    database.exec("PRAGMA busy_timeout = 2000");
    needPresentSchema(database, path);
  });
}

/**
 * Refuses a journal that is damaged, as far as that shows at a glance. Nothing in it is changed.
 *
 * @param path Its path; it may be missing or empty.
 * @throws {JournalNotOpened} When it is.
 */
export function refuseDamaged(path: string): void {
  if (sizeOf(path) === 0) return;
  opened(path, "read", (database) => {
    database.exec("PRAGMA busy_timeout = 2000");
    // What has no schema of ours yet is not judged.
    if (checkSchema(database, path).version > 0) assertSoundDatabase(database, "quick");
  }).close();
}

/** Where the header of a database of SQLite has the number that this program keeps its schema in. */
const USER_VERSION_OFFSET = 60;

/**
 * Tells whether the file of a journal stands there with the present schema, so that to open it makes
 * nothing and brings nothing up to date. It reads some bytes without SQLite, which would need its
 * locks: so nothing of this process may have the file open.
 *
 * @param path Its path.
 * @returns Whether it does. What only the log beside it tells is not seen.
 */
export function hasPresentSchema(path: string): boolean {
  const header = new Uint8Array(USER_VERSION_OFFSET + 4);
  try {
    // To open a pipe would wait for whoever writes to it.
    if (!Deno.statSync(path).isFile) return false;
    using file = Deno.openSync(path);
    if (file.readSync(header) !== header.length) return false;
  } catch {
    // What is wrong with it is told by whoever opens it.
    return false;
  }
  return new DataView(header.buffer).getUint32(USER_VERSION_OFFSET) === MIGRATIONS.length;
}

function needPresentSchema(database: DatabaseSync, path: string): void {
  const { version, isUnfinished } = checkSchema(database, path);
  if (version === MIGRATIONS.length && !isUnfinished) return;
  throw notOpened(
    path,
    isUnfinished
      ? "a server is bringing it up to date, or was ended while it did: start it, and wait for it"
      : "an older version of this program wrote it; the server brings it up to date when it starts",
  );
}

function opened(
  path: string,
  mode: "make" | "change" | "read",
  prepare: (database: DatabaseSync) => void,
): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    if (mode === "make") makeFile(path);
    refuseUnusable(path, mode);
    database = new DatabaseSync(path, { readOnly: mode === "read" });
    prepare(database);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof JournalNotOpened) throw error;
    throw notOpened(path, describeError(error), error);
  }
}

/**
 * SQLite would make a missing file, wait for ever at a pipe, and take an empty one for a new one:
 * then it removes the log beside it.
 */
function refuseUnusable(path: string, mode: "make" | "change" | "read"): void {
  const { isFile, isDirectory, size } = Deno.statSync(path);
  if (isDirectory) throw notOpened(path, "it is a folder, wanted a file");
  if (!isFile) throw notOpened(path, "it is a pipe, a socket or a device, wanted a regular file");
  if (size > 0) return;
  const log = sizeOf(`${path}-wal`);
  if (log > 0) {
    throw notOpened(
      path,
      "the file is empty while the log beside it, -wal, is not: something emptied it",
    );
  }
  if (mode !== "make") {
    throw notOpened(
      path,
      "the file is empty: nothing was ever recorded in it, or something emptied it",
    );
  }
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
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
export function closeWhole(
  database: DatabaseSync,
  path: string,
  inPlace: Pick<JournalFilesLook, "database" | "log">,
): void {
  const isMoved = !inPlace.database;
  try {
    database.exec(`PRAGMA busy_timeout = ${isMoved ? 0 : WAIT_FOR_READERS_MS}`);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    database.close();
    // With no database in its place the log stays, for the moved one may come back.
    if (isMoved && exists(path) && inPlace.log) removeLog(path);
  }
}

function removeLog(path: string): void {
  for (const file of [`${path}-wal`, `${path}-shm`]) {
    if (exists(file)) retryWhileBusySync(() => Deno.removeSync(file));
  }
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    // What can't be looked at can't be put right either.
    return false;
  }
}
