import { JournalNotOpened, JournalUnavailable } from "./errors.ts";
import type { Journal } from "./journal.ts";
import type { Commit } from "./sqlite/transactions.ts";
import { describeError, sqliteCode } from "./sqlite/sqlite_error.ts";
import { openJournal } from "./sqlite/open.ts";
import { startJournalThread } from "./sqlite/open_in_thread.ts";

const HOUR_MS = 3_600_000;

/** What of a config tells where its journal is. */
export interface JournalPlace {
  /** The path of its file. */
  readonly path: string;
}

/** What a command does with a journal: it looks, or it changes what is there beside a server. */
export type JournalUse = "read" | "change";

/**
 * Opens the journal of a config for a command. This file alone decides which store it is.
 *
 * @param place Where it is.
 * @param use What for.
 * @returns The journal.
 * @throws {JournalNotOpened} When there is none yet, or it can't be used.
 */
export async function openConfiguredJournal(
  { path }: JournalPlace,
  use: JournalUse,
): Promise<Journal> {
  if (!await isThere(path)) {
    throw new JournalNotOpened(
      `There is no journal at "${path}" yet: the server makes it when it starts`,
    );
  }
  return openJournal(path, use === "read" ? { readOnly: true } : { maintenance: true });
}

/**
 * Says what is wrong with a journal.
 *
 * @param error What was thrown while it was opened or used.
 * @param place Where it is.
 * @returns A message; `undefined` when the error has nothing to do with it.
 */
export function describeJournalError(error: unknown, { path }: JournalPlace): string | undefined {
  if (error instanceof JournalNotOpened || error instanceof JournalUnavailable) {
    return error.message;
  }
  return sqliteCode(error) === undefined
    ? undefined
    : `Cannot use the journal "${path}": ${describeError(error)}`;
}

/** A journal on its way, for a server. */
export interface StartingJournal {
  /**
   * Opens it, once, for the one process that takes deliveries in.
   *
   * @param section What the config says of it.
   * @param onCommit Called after each transaction, if given.
   * @returns The journal.
   * @throws {JournalNotOpened} When another process has it so, or it can't be used.
   */
  open(
    section: JournalPlace & { readonly repeatWindowHours: number },
    onCommit?: (commit: Commit) => void,
  ): Promise<Journal>;
  /** Lets go of what is not opened. */
  end(): void;
}

/**
 * Begins what the journal of a server needs before it is known where that is.
 *
 * @returns The journal on its way.
 */
export function startServerJournal(): StartingJournal {
  const thread = startJournalThread();
  return {
    open: ({ path, repeatWindowHours }, onCommit) =>
      thread.open(path, {
        repeatWindowMs: repeatWindowHours * HOUR_MS,
        ...(onCommit === undefined ? {} : { onCommit }),
      }),
    end: thread.end,
  };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    // What else is wrong is told when it is opened.
    return !(error instanceof Deno.errors.NotFound);
  }
}
