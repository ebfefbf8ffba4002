import {
  describeJournalError,
  type JournalPlace,
  type JournalUse,
  openConfiguredJournal,
} from "../../journal/configured.ts";
import type { Journal } from "../../journal/journal.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** Works with an open journal and gives the exit code. */
type Work = (journal: Journal) => Promise<number> | number;

/**
 * Opens a journal to look into it, also beside a running server, and closes it afterwards.
 *
 * @param place Where it is.
 * @param terminal Where it is told when it can't be opened or read.
 * @param look What is done with it.
 * @returns The exit code.
 */
export async function lookInto(
  place: JournalPlace,
  terminal: Terminal,
  look: Work,
): Promise<number> {
  return await workWith(place, "read", terminal, look);
}

/**
 * Opens a journal to change it, also beside a running server, and closes it afterwards.
 *
 * @param place Where it is.
 * @param terminal Where it is told when it can't be opened or changed.
 * @param change What is done with it.
 * @returns The exit code.
 */
export async function changeJournal(place: JournalPlace, terminal: Terminal, change: Work) {
  return await workWith(place, "change", terminal, change);
}

async function workWith(
  place: JournalPlace,
  use: JournalUse,
  terminal: Terminal,
  work: Work,
): Promise<number> {
  let journal: Journal | undefined;
  try {
    journal = await openConfiguredJournal(place, use);
    return await work(journal);
  } catch (error) {
    const reason = describeJournalError(error, place);
    if (reason === undefined) throw error;
    terminal.err(`${reason}\n`);
    return 1;
  } finally {
    await journal?.close();
  }
}
