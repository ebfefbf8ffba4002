import { log } from "../observe/log.ts";
import { retryWhileBusy } from "../util/files.ts";
import { messageOf } from "../util/words.ts";
import type { CopyEnd } from "./copy.ts";
import { JournalNotOpened, JournalUnavailable } from "./errors.ts";
import type { Journal } from "./journal.ts";
import { type DatabasePlace, passwordIn } from "./postgres/hosts.ts";
import type { PostgresJournal, PostgresOptions } from "./postgres/open.ts";
import { createSpooledJournal, type SpooledJournal } from "./spooled.ts";
import { openJournal } from "./sqlite/open.ts";
import {
  type FollowedJournal,
  followJournal,
  startJournalThread,
} from "./sqlite/open_in_thread.ts";
import { openSpool, type Spool } from "./sqlite/spool.ts";
import { describeError, sqliteCode } from "./sqlite/soundness.ts";
import type { Commit } from "./sqlite/group_commit.ts";

const HOUR_MS = 3_600_000;

/** What of a config tells where its journal is. */
export interface JournalPlace {
  /** The path of its file. */
  readonly path: string;
  /** A database in the place of the file. */
  readonly url?: string | undefined;
  /** The path of certificates by which the database is known. */
  readonly caFile?: string | undefined;
}

/** What of a config a server needs to open it. */
export interface ServedJournalPlace extends JournalPlace {
  readonly repeatWindowHours: number;
  readonly spool: string;
  readonly commitTimeoutMs: number;
  readonly spoolEvents: boolean;
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
  place: JournalPlace,
  use: JournalUse,
): Promise<Journal> {
  const { path } = place;
  if (place.url !== undefined) {
    const { openPostgresJournal } = await loadPostgres();
    return openPostgresJournal(await databasePlace(place.url, place));
  }
  if (!await isThere(path)) {
    throw new JournalNotOpened(
      `There is no journal at "${path}" yet: the server makes it when it starts`,
    );
  }
  return openJournal(path, use === "read" ? { readOnly: true } : { maintenance: true });
}

/**
 * Opens one end of a copy.
 *
 * @param where The path of a file, or the URL of a database.
 * @param side Whether it is copied, or gets the copy.
 * @returns The end.
 * @throws {JournalNotOpened} When it can't be used so.
 */
export async function openEndOfCopy(where: string, side: "from" | "to"): Promise<CopyEnd> {
  if (/^postgres(?:ql)?:\/\//i.test(where)) {
    const { openCopyEnd, refuseWithoutJournal } = await import("./postgres/copy.ts");
    if (side === "from") await refuseWithoutJournal({ url: where });
    const end = openCopyEnd({ url: where });
    try {
      // What keeps it from being used is told before anything is copied.
      await end.journal.list({ limit: 1 });
      return end;
    } catch (error) {
      await end.close();
      throw error;
    }
  }
  const { openCopySource, openCopyTarget } = await import("./sqlite/copy.ts");
  return side === "from" ? openCopySource(where) : openCopyTarget(where);
}

/** A journal that is read for as long as it takes, beside what writes it. */
export interface FollowedPlace extends Omit<FollowedJournal, "close"> {
  readonly close: () => void | Promise<void>;
}

/**
 * Reads a journal beside what writes it, for as long as a server runs.
 *
 * @param place Where it is.
 * @returns The journal.
 */
export async function followConfiguredJournal(place: JournalPlace): Promise<FollowedPlace> {
  if (place.url === undefined) return followJournal(place.path);
  const { openPostgresJournal } = await loadPostgres();
  const reading = openPostgresJournal(await databasePlace(place.url, place));
  return { reading, look: () => {}, close: reading.close };
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

/** What processes that share a journal know of each other. */
export interface SharedJournal extends Pick<PostgresJournal, "describe" | "instances"> {
  /** How much could not be recorded yet. */
  readonly spooled: SpooledJournal["spooled"];
  /** Takes over another password. */
  readonly follow: (place: JournalPlace) => void;
}

/** A journal as a server has it. */
export interface ServedJournal extends Journal {
  /** There where several processes can have it. */
  readonly shared?: SharedJournal;
}

/** A journal on its way, for a server. */
export interface StartingJournal {
  /**
   * Opens it as far as that changes nothing in it: what the config says of it is sure, while that
   * may have mistakes elsewhere.
   *
   * @param section What the config says of it, with which it is opened next, or not at all.
   */
  foresee(section: ServedJournalPlace): void;
  /**
   * Opens it, once, for the one process that takes deliveries in, or for one of several.
   *
   * @param section What the config says of it.
   * @returns The journal.
   * @throws {JournalNotOpened} When another process has it so, or it can't be used.
   */
  open(section: ServedJournalPlace): Promise<ServedJournal>;
  /** Lets go of what is not opened. */
  end(): Promise<void>;
}

/**
 * Begins what the journal of a server needs before it is known where that is.
 *
 * @param begun The thread that writes it, where it was begun already.
 * @param onCommit Called after each transaction, if given.
 * @returns The journal on its way.
 */
export function startServerJournal(
  begun?: Worker,
  onCommit?: (commit: Commit) => void,
): StartingJournal {
  const thread = startJournalThread(begun);
  const optionsOf = ({ repeatWindowHours }: ServedJournalPlace) => ({
    repeatWindowMs: repeatWindowHours * HOUR_MS,
    ...(onCommit === undefined ? {} : { onCommit }),
  });
  return {
    foresee(section) {
      if (section.url === undefined) thread.foresee(section.path, optionsOf(section));
    },
    async open(section) {
      const options = optionsOf(section);
      if (section.url === undefined) return await thread.open(section.path, options);
      await thread.end();
      return await openShared(section.url, section, options);
    },
    end: thread.end,
  };
}

/** A database that can't be reached just now is no reason not to serve: decisions are spooled. */
async function openShared(
  url: string,
  section: ServedJournalPlace,
  options: PostgresOptions,
): Promise<ServedJournal> {
  const { openPostgresJournal } = await loadPostgres();
  let current = url;
  const place = await databasePlace(url, section);
  const primary = openPostgresJournal(
    { ...place, password: () => passwordIn(current) },
    options,
  );
  let spool: Spool | undefined;
  try {
    spool = openSpool(section.spool);
    await primary.counts();
  } catch (error) {
    if (!(error instanceof JournalUnavailable) || spool === undefined) {
      await primary.close();
      spool?.close();
      throw error;
    }
    log.warn("{reason}: decisions are kept in the spool until it can be used", {
      reason: error.message,
    });
  }
  const journal = createSpooledJournal(primary, { ...section, spool });
  return {
    ...journal,
    shared: {
      describe: primary.describe,
      instances: primary.instances,
      spooled: journal.spooled,
      follow({ url: next }) {
        current = next ?? current;
      },
    },
  };
}

/** Few need it, and nobody else waits for it at the start. */
const loadPostgres = () => import("./postgres/open.ts");

async function databasePlace(url: string, { caFile }: JournalPlace): Promise<DatabasePlace> {
  if (caFile === undefined) return { url };
  try {
    return { url, ca: await retryWhileBusy(() => Deno.readTextFile(caFile)) };
  } catch (error) {
    throw new JournalNotOpened(
      `Cannot read journal.caFile "${caFile}": ${messageOf(error)}`,
      { cause: error },
    );
  }
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
