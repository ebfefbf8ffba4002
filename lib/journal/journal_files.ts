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
