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
  /**
   * Whether the database was written, or anything was cut off, since the look before: as often as
   * the log is emptied into it, or when something else did it.
   */
  readonly wasTouched: boolean;
  /** How many bytes the database has. */
  readonly size: number;
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
    return {
      database: same[0] === true,
      log: same[1] === true && same[2] === true,
      lock: same[3] === true,
      wasTouched: size !== databaseBefore?.size ||
        database?.writtenAt !== databaseBefore.writtenAt ||
        (log?.size ?? 0) < (logBefore?.size ?? 0),
      size,
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
