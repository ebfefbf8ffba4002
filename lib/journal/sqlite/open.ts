import { dirname } from "@std/path";
import { JournalUnavailable, notOpened } from "../errors.ts";
import { type Journal, REFUSED_LIMITS, type RefusedLimits } from "../journal.ts";
import { createChanges } from "./changes.ts";
import { type ConnectionHolder, holdConnection } from "./connection_holder.ts";
import { type Commit, createGroupCommit } from "./group_commit.ts";
import { readingJournal, writingJournal } from "./contract.ts";
import { openMaintenanceSession, openReadSession, openWriteSession } from "./session.ts";
import { log } from "../../observe/log.ts";
import { refuseUnlocked, watchFile } from "./files.ts";
import { describeError } from "./soundness.ts";

/**
 * In whose name forwards are leased by whoever has the file alone. Nobody else has it while that one
 * lives, on this machine or another: so the next may reclaim what it left.
 */
export const LOCK_HOLDER = "the holder of the lock";

/** Whoever waits for the file looks again every 25 ms, and sooner at first. */
const REST_MS = 30;

/** How a journal is opened. */
export interface OpenOptions {
  /** Only to look, also beside the process that writes. */
  readonly readOnly?: boolean;
  /**
   * To change what is there, also beside the process that writes. It makes no file, brings none up
   * to date, and rests between the steps of long work, so that deliveries are recorded meanwhile.
   */
  readonly maintenance?: boolean;
  /** How much of refused deliveries is kept. */
  readonly refused?: RefusedLimits;
  /** How long an event that comes again can be a retry; 48 hours unless given. */
  readonly repeatWindowMs?: number;
  /** The file grows no further than this many pages of 4 KiB. */
  readonly maxPages?: number;
  /** How often `state()` looks whether the files are still there, and tries again if not. */
  readonly probeEveryMs?: number;
  /**
   * Called when another file than before was opened, since that one was removed or replaced; it is
   * told to the log unless given.
   */
  readonly onReplaced?: () => void;
  /**
   * Hears how much is done, from 0 to 1, while an older journal is brought up to date; it is told
   * to the log unless given.
   */
  readonly onMigrating?: (done: number) => void;
  /** Called after each transaction in which deliveries and forwards are stored. */
  readonly onCommit?: (commit: Commit) => void;
}

/**
 * Opens the journal on disk; for writing, its file and folder are made when they are missing.
 *
 * @param path The path of its file. Beside it stand `-wal`, `-shm` and `-lock`.
 * @param options How it is opened.
 * @returns The journal.
 * @throws {JournalNotOpened} When another process writes to it, or it can't be used.
 */
export function openJournal(path: string, options: OpenOptions = {}): Journal {
  if (options.readOnly === true) {
    refuseUnlocked(path);
    return readOnlyJournal(path);
  }
  const { refused = REFUSED_LIMITS, probeEveryMs, onCommit } = options;
  if (options.maintenance !== true) {
    return writingHere(openHolder(path, options), { refused, onCommit, leaseOwner: LOCK_HOLDER });
  }
  refuseUnlocked(path);
  const open = () =>
    openMaintenanceSession(path, {
      refusedCount: refused.count,
      repeatWindowMs: options.repeatWindowMs,
    });
  const holder = holdConnection(open, { probeEveryMs, restMs: REST_MS });
  return writingHere(holder, { refused, onCommit, leaseOwner: crypto.randomUUID() });
}

/**
 * Opens the file of a journal for writing, alone, and keeps it open.
 *
 * @param path The path of its file.
 * @param options How it is opened.
 * @returns What keeps it open.
 * @throws {JournalNotOpened} When another process writes to it, or it can't be used.
 */
export function openHolder(
  path: string,
  {
    refused = REFUSED_LIMITS,
    repeatWindowMs,
    maxPages,
    probeEveryMs,
    onReplaced = () => tellReplaced(path),
    onMigrating = tellMigrating(),
  }: OpenOptions,
): ConnectionHolder {
  // Only now and never when it is opened again: a folder that went is a disk that was unmounted.
  makeFolder(path);
  let isSame: (() => boolean) | undefined;
  const open = () => {
    const wasReplaced = isSame !== undefined && !isSame();
    const session = openWriteSession(path, {
      refusedCount: refused.count,
      repeatWindowMs,
      onMigrating,
      ...(maxPages === undefined ? {} : { maxPages }),
    });
    isSame = watchFile(path);
    if (wasReplaced) onReplaced();
    return session;
  };
  return holdConnection(open, { probeEveryMs });
}

/**
 * Tells the log that the file of a journal was removed or replaced while it was open.
 *
 * @param path The path of the journal.
 */
export function tellReplaced(path: string): void {
  log.error(
    "The file of the journal was removed or replaced while it was open. The journal goes on with " +
      "the one that stands at {path} now: what was in the other is neither shown nor forwarded",
    { path },
  );
}

/** It is told so often, and when it has begun. */
const TELL_MIGRATING_EVERY_MS = 2000;

/**
 * Tells the log how far a journal is that is brought up to date, from time to time.
 *
 * @returns What hears it.
 */
export function tellMigrating(): (done: number) => void {
  let toldAt = -Infinity;
  return (done) => {
    const isTold = toldAt > -Infinity;
    if (done < 1 ? performance.now() - toldAt < TELL_MIGRATING_EVERY_MS : !isTold) return;
    toldAt = performance.now();
    log.info("Bringing the journal up to date: {percent} %", { percent: Math.floor(done * 100) });
  };
}

function makeFolder(path: string): void {
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw notOpened(path, describeError(error), error);
  }
}

interface WritingOptions {
  readonly refused: RefusedLimits;
  readonly onCommit: OpenOptions["onCommit"];
  readonly leaseOwner: string;
}

function writingHere(
  holder: ConnectionHolder,
  { refused, onCommit, leaseOwner }: WritingOptions,
): Journal {
  const commits = createGroupCommit(holder, onCommit);
  return writingJournal({
    changes: createChanges(holder, commits),
    session: holder.session,
    state: holder.state,
    // deno-lint-ignore require-await -- the contract leaves room for stores that must wait here
    async close() {
      commits.end();
      holder.close();
    },
    refused,
    leaseOwner,
  });
}

function readOnlyJournal(path: string): Journal {
  const session = openReadSession(path);
  const refuse = () =>
    Promise.reject(new JournalUnavailable("Cannot use the journal: it is open for reading only"));
  const reading = readingJournal(() => session);
  return {
    ...reading,
    leaseOwner: crypto.randomUUID(),
    outbox: {
      ...reading.outbox,
      lease: refuse,
      complete: refuse,
      release: refuse,
      reclaim: refuse,
      pause: refuse,
      resume: refuse,
      correctDueDates: refuse,
      retry: refuse,
      resend: refuse,
      cancel: refuse,
      disable: refuse,
      enable: refuse,
      onChange: () => () => {},
    },
    console: { ...reading.console, change: refuse },
    state: () => ({ writable: false, reason: "it is open for reading only" }),
    record: refuse,
    exportOf: refuse,
    noteClock: refuse,
    prune: refuse,
    erase: refuse,
    // deno-lint-ignore require-await -- the contract leaves room for stores that must wait here
    close: async () => session.close(),
  };
}
