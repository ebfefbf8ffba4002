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

/** Tells what of an open journal still stands where it was opened. It opens none of its files. */
export interface JournalFileWatch {
  readonly database: () => boolean;
  /** The log that is written first, and the index of what is in it. */
  readonly log: () => boolean;
  readonly lock: () => boolean;
  /**
   * Tells whether the database was written, or anything was cut off, since this was asked for the
   * last time: as often as the log is emptied into it, or when something else did it.
   */
  readonly wasTouched: () => boolean;
  /** How many bytes the database has. */
  readonly size: () => number;
}

/**
 * Remembers which files an open journal has.
 *
 * @param path The path of the journal, which is open already.
 * @returns What tells whether they are the same; that takes some microseconds.
 * @throws {Error} When one is missing: it was removed while the journal was opened, or before that,
 * and another connection of this process still has it.
 */
export function watchJournalFiles(path: string): JournalFileWatch {
  const [log, index] = [`${path}-wal`, `${path}-shm`];
  const numbers = new Map([path, log, index, lockPath(path)].map((one) => [one, needNumber(one)]));
  const isSame = (file: string) => numberOf(file) === numbers.get(file);
  let seen = look();

  function look() {
    const { size, mtime } = Deno.statSync(path);
    return { size, writtenAt: mtime?.getTime(), logSize: Deno.statSync(log).size };
  }

  return {
    database: () => isSame(path),
    log: () => isSame(log) && isSame(index),
    lock: () => isSame(lockPath(path)),
    size: () => seen.size,
    wasTouched() {
      const before = seen;
      seen = look();
      return seen.size !== before.size || seen.writtenAt !== before.writtenAt ||
        seen.logSize < before.logSize;
    },
  };
}

/**
 * Remembers which file stands at a path.
 *
 * @param path The path.
 * @returns A check that takes microseconds: whether the same file still stands there.
 */
export function watchFile(path: string): () => boolean {
  const number = numberOf(path);
  return () => numberOf(path) === number;
}

function needNumber(path: string): string {
  const number = numberOf(path);
  if (number === MISSING) throw new Error("a file of it was removed");
  return number;
}

const MISSING = "missing";

/** Windows gives no number, but there an open file can't be removed or replaced. */
function numberOf(path: string): string {
  try {
    const { dev, ino } = Deno.statSync(path);
    return `${dev}:${ino}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return MISSING;
    throw error;
  }
}
