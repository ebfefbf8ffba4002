/**
 * Begins the thread that writes the journal, and nothing else: whoever serves calls this first, so
 * that the thread loads its modules while the rest of the program is loaded.
 *
 * @returns The thread; see `startJournalThread()`.
 */
export function beginJournalThread(): Worker {
  return new Worker(new URL("./thread.ts", import.meta.url), { type: "module" });
}
