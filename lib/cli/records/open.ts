import { JournalNotOpened, JournalUnavailable } from "../../journal/errors.ts";
import type { Journal } from "../../journal/journal.ts";
import { openJournal, type OpenOptions } from "../../journal/sqlite/open.ts";
import { describeError, sqliteCode } from "../../journal/sqlite/file/sqlite_error.ts";
import type { Terminal } from "../terminal/command.ts";

/** Works with an open journal and gives the exit code. */
type Work = (journal: Journal) => Promise<number> | number;

/**
 * Opens a journal to look into it, also beside a running server, and closes it afterwards.
 *
 * @param path The path of its file.
 * @param terminal Where it is told when it can't be opened or read.
 * @param look What is done with it.
 * @returns The exit code.
 */
export async function lookInto(path: string, terminal: Terminal, look: Work): Promise<number> {
  return await workWith(path, { readOnly: true }, terminal, look);
}

/**
 * Opens a journal to change it, also beside a running server, and closes it afterwards.
 *
 * @param path The path of its file.
 * @param terminal Where it is told when it can't be opened or changed.
 * @param change What is done with it.
 * @returns The exit code.
 */
export async function changeJournal(path: string, terminal: Terminal, change: Work) {
  return await workWith(path, { beside: true }, terminal, change);
}

async function workWith(
  path: string,
  options: OpenOptions,
  terminal: Terminal,
  work: Work,
): Promise<number> {
  let journal: Journal | undefined;
  try {
    if (!await exists(path)) {
      terminal.err(`There is no journal at "${path}" yet: the server makes it when it starts\n`);
      return 1;
    }
    journal = openJournal(path, options);
    return await work(journal);
  } catch (error) {
    const reason = reasonOf(error, path);
    if (reason === undefined) throw error;
    terminal.err(`${reason}\n`);
    return 1;
  } finally {
    await journal?.close();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    // What else is wrong is told when it is opened.
    return !(error instanceof Deno.errors.NotFound);
  }
}

/** What is wrong with the journal; `undefined` when the error has nothing to do with it. */
function reasonOf(error: unknown, path: string): string | undefined {
  if (error instanceof JournalNotOpened || error instanceof JournalUnavailable) {
    return error.message;
  }
  return sqliteCode(error) === undefined
    ? undefined
    : `Cannot use the journal "${path}": ${describeError(error)}`;
}
