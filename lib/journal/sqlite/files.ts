import { DatabaseSync } from "node:sqlite";
import { retryWhileBusySync } from "../../util/files.ts";
import { type JournalNotOpened, notOpened } from "../errors.ts";
import { SQLITE, sqliteCode } from "./soundness.ts";

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
 *
 * assertEquals(lockPath("data/journal.db"), "data/journal.db-lock");
 * ```
 */
export function lockPath(path: string): string {
  return `${path}-lock`;
}

/**
 * Names all files that a journal has. No part of the program but its store may open one while it
 * is open: to close any descriptor of a file drops the locks of the process on it, on Linux and
 * macOS, and another process would then take the journal for one that nobody has open.
 *
 * @param path The path of the journal.
 * @returns The paths of its files; not each stands there all the time.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(journalFiles("j.db"), ["j.db", "j.db-wal", "j.db-shm", "j.db-journal", "j.db-lock"]);
 * ```
 */
export function journalFiles(path: string): readonly string[] {
  return [path, `${path}-wal`, `${path}-shm`, `${path}-journal`, lockPath(path)];
}

/** What a look at the files of an open journal found. */
export interface JournalFilesLook {
  /** Whether the database still stands where it was opened. */
  readonly database: boolean;
  /** The same of the log that is written first, and of the index of what is in it. */
  readonly log: boolean;
  readonly lock: boolean;
  /** Whether the database was written since the look before: see `log_emptying.ts`. */
  readonly wasWritten: boolean;
  /** Whether anything was cut off the log since then. */
  readonly wasLogCutOff: boolean;
  /** How many bytes the database has. */
  readonly size: number;
  readonly logSize: number;
}

/**
 * Remembers which files an open journal has.
 *
 * @param path The path of the journal, which is open already.
 * @returns What looks at them, in some microseconds. It opens none of them.
 * @throws {Error} When one is missing: it was removed while the journal was opened, or before that,
 * and another connection of this process still has it.
 */
export function watchJournalFiles(path: string): () => JournalFilesLook {
  const paths = [path, `${path}-wal`, `${path}-shm`, lockPath(path)];
  const first = paths.map(stateOf);
  if (first.some(({ number }) => number === MISSING)) throw new Error("a file of it was removed");
  let before = first;
  return () => {
    const states = paths.map(stateOf);
    const same = states.map(({ number }, index) => number === first[index]?.number);
    const [database, log] = states;
    const [databaseBefore, logBefore] = before;
    before = states;
    const size = database?.size ?? 0;
    const logSize = log?.size ?? 0;
    return {
      database: same[0] === true,
      log: same[1] === true && same[2] === true,
      lock: same[3] === true,
      wasWritten: size !== databaseBefore?.size ||
        database?.writtenAt !== databaseBefore.writtenAt,
      wasLogCutOff: logSize < (logBefore?.size ?? 0),
      size,
      logSize,
    };
  };
}

/**
 * Remembers which file stands at a path.
 *
 * @param path The path.
 * @returns A check that takes microseconds: whether the same file still stands there.
 */
export function watchFile(path: string): () => boolean {
  const { number } = stateOf(path);
  return () => stateOf(path).number === number;
}

const MISSING = "missing";

/** A file as it stands at a path. */
interface FileState {
  /** Windows gives none, but there an open file can't be removed or replaced. */
  readonly number: string;
  readonly size: number;
  readonly writtenAt: number | undefined;
}

function stateOf(path: string): FileState {
  try {
    const { dev, ino, size, mtime } = Deno.statSync(path);
    return { number: `${dev}:${ino}`, size, writtenAt: mtime?.getTime() };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { number: MISSING, size: 0, writtenAt: undefined };
  }
}

/** A lock that is held; the system lets go of it when the process ends, however it ends. */
export interface Lock {
  readonly release: () => void;
}

/**
 * How long a command that looks whether a server runs may keep the lock from a server; and on Deno
 * 2.5, where a thread takes the lock, how long that may take on a machine that is busy.
 */
const LOOK_MS = 3000;
const AGAIN_MS = 25;

/** Windows needs no lock of the file itself: there each lock belongs to what opened the file. */
const LOCKS_FILES = Deno.build.os !== "windows";

/** Deno 2.5 can lock a file, but not find out whether it would have to wait for that. */
const TRIES_LOCKS = "tryLockSync" in Deno.FsFile.prototype;

/**
 * Takes the right to write to a journal, for as long as it is open.
 *
 * Two locks on one file are it. A transaction on a database of its own that never ends works
 * wherever SQLite works, and version 0.1.0 knows it. But on Linux and macOS such a lock is gone when
 * the process closes any descriptor of that file, whoever opened it. So there the open file itself
 * is locked too, by `flock`, and that is lost by nothing but its own end.
 *
 * @param path The path of the journal; the lock is the file beside it.
 * @returns The lock.
 * @throws {JournalNotOpened} When another process, or this one, holds it already.
 */
export function takeLock(path: string): Lock {
  const database = new DatabaseSync(lockPath(path));
  let file: Deno.FsFile | undefined;
  try {
    database.exec(`PRAGMA busy_timeout = ${LOOK_MS}`);
    database.prepare("BEGIN EXCLUSIVE").run();
    if (LOCKS_FILES) {
      file = lockFile(path);
      if (file === undefined) throw inUse(path);
    }
  } catch (error) {
    database.close();
    throw sqliteCode(error) === SQLITE.busy ? inUse(path) : error;
  }
  return {
    release() {
      database.close();
      file?.close();
    },
  };
}

/**
 * Waits a short time until `takeLock()` would not have to wait, where that can't be tried: Deno 2.5
 * would wait for as long as another process has the lock.
 *
 * @param path The path of the journal.
 * @throws {JournalNotOpened} When another process holds it.
 */
export async function awaitLock(path: string): Promise<void> {
  if (!LOCKS_FILES || TRIES_LOCKS) return;
  const file = await Deno.open(lockPath(path), { read: true, write: true }).catch(() => undefined);
  // Nobody has ever had it, or what is wrong is told by whoever takes it.
  if (file === undefined) return;
  const deadline = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => deadline.resolve(false), LOOK_MS);
  const locked = file.lock(true).then(() => true);
  // Where it comes too late it is let go of again.
  locked.then(() => file.close(), () => file.close());
  const isFree = await Promise.race([locked, deadline.promise]);
  clearTimeout(timer);
  if (!isFree) throw inUse(path);
}

/**
 * Tells whether a process has a journal open for writing. It looks in a way that keeps no server
 * from starting.
 *
 * @param path The path of the journal.
 * @returns Whether one has.
 */
export function isServed(path: string): boolean {
  try {
    Deno.statSync(lockPath(path));
  } catch {
    // Nobody ever wrote to it, or this account may not look.
    return false;
  }
  if (LOCKS_FILES && TRIES_LOCKS) {
    using file = retryWhileBusySync(() => Deno.openSync(lockPath(path), { read: true }));
    if (!file.tryLockSync(false)) return true;
  }
  const database = new DatabaseSync(lockPath(path), { readOnly: true });
  try {
    database.exec("PRAGMA busy_timeout = 0");
    // Not prepared: Deno 2.5 would not say why it can't be.
    database.exec("SELECT count(*) FROM sqlite_schema");
    return false;
  } catch (error) {
    if (sqliteCode(error) === SQLITE.busy) return true;
    throw error;
  } finally {
    database.close();
  }
}

function inUse(path: string): JournalNotOpened {
  return notOpened(
    path,
    "another process has it open for writing; a server with this config seems to run already",
  );
}

/** Locks the lock's file and keeps it open; `undefined` when another process has it. */
function lockFile(path: string): Deno.FsFile | undefined {
  const file = retryWhileBusySync(() => Deno.openSync(lockPath(path), { read: true, write: true }));
  if (!TRIES_LOCKS) {
    file.lockSync(true);
    return file;
  }
  const end = performance.now() + LOOK_MS;
  while (!file.tryLockSync(true)) {
    if (performance.now() >= end) {
      file.close();
      return undefined;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, AGAIN_MS);
  }
  return file;
}

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
