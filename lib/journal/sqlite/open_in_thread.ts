import { errorOf, JournalNotOpened, JournalUnavailable } from "../errors.ts";
import { createListeners } from "../forwards.ts";
import { type Journal, type JournalState, REFUSED_LIMITS } from "../journal.ts";
import { beginJournalThread } from "./begin_thread.ts";
import { watchFile } from "./files.ts";
import {
  createRemoteChanges,
  type FromThread,
  type ThreadSettings,
  type Told,
  type ToThread,
} from "./remote_changes.ts";
import { LOCK_HOLDER, type OpenOptions, tellMigrating, tellReplaced } from "./open.ts";
import { openReadSession, type ReadSession } from "./session.ts";
import { type ReadingJournal, readingJournal, writingJournal } from "./contract.ts";
import { packEvents } from "./packed_events.ts";
import { waitAtMost } from "../../util/waiting.ts";

/** How the journal is opened for a server. */
export type ThreadOptions = Pick<
  OpenOptions,
  "refused" | "repeatWindowMs" | "maxPages" | "probeEveryMs" | "onCommit"
>;

/** How often the thread looks whether the file can be written, unless given. */
const PROBE_EVERY_MS = 1000;

/** So long a journal that is not wanted may take to open and to close; its file stands whole anyway. */
const FORGET_MS = 5000;

/** The thread that writes the journal. */
export interface JournalThread {
  /**
   * Opens the journal already, where that makes nothing and brings nothing up to date: what will be
   * opened may turn out not to be wanted.
   *
   * @param path The path of its file, which is opened next, or nothing is.
   * @param options How it is opened.
   */
  foresee(path: string, options?: ThreadOptions): void;
  /**
   * Opens the journal, once: requests are answered while the thread waits for the disk. What is
   * asked is read in the thread that asks.
   *
   * @param path The path of its file; it and its folder are made when they are missing.
   * @param options How it is opened.
   * @returns The journal; closing it ends the thread.
   * @throws {JournalNotOpened} When another process writes to it, or it can't be used.
   */
  open(path: string, options?: ThreadOptions): Promise<Journal>;
  /** Ends the thread of a journal that is not opened, and closes what was foreseen. */
  end(): Promise<void>;
}

/**
 * Has the thread that writes the journal ready: an engine of its own takes a while to begin, and can
 * do so before it is known where the journal is.
 *
 * @param thread The thread, where it was begun before the rest was loaded.
 * @returns The thread.
 */
export function startJournalThread(thread: Worker = beginJournalThread()): JournalThread {
  let foreseen: ThreadJournal | undefined;
  return {
    foresee(path, options = {}) {
      foreseen = begin(thread, path, { ...options, isForeseen: true });
    },
    open: (path, options = {}) => (foreseen ?? begin(thread, path, options)).open(),
    async end() {
      if (foreseen === undefined) thread.terminate();
      else await foreseen.forget();
    },
  };
}

/**
 * Opens the journal on disk for a server, in a thread that is started for it.
 *
 * @param path The path of its file; it and its folder are made when they are missing.
 * @param options How it is opened.
 * @returns The journal.
 * @throws {JournalNotOpened} When another process writes to it, or it can't be used.
 */
export function openJournalInThread(path: string, options?: ThreadOptions): Promise<Journal> {
  return startJournalThread().open(path, options);
}

/** The journal in a thread that was told of it. */
interface ThreadJournal {
  /** Waits until it is open. */
  readonly open: () => Promise<Journal>;
  /** Closes it, or what there is of it. */
  readonly forget: () => Promise<void>;
}

function begin(
  thread: Worker,
  path: string,
  options: ThreadOptions & { readonly isForeseen?: boolean },
): ThreadJournal {
  const { refused = REFUSED_LIMITS, probeEveryMs = PROBE_EVERY_MS, onCommit } = options;
  const { isForeseen = false } = options;
  const { repeatWindowMs, maxPages } = options;
  const settings: ThreadSettings = {
    path,
    probeEveryMs,
    refused,
    isForeseen,
    ...(repeatWindowMs === undefined ? {} : { repeatWindowMs }),
    ...(maxPages === undefined ? {} : { maxPages }),
  };
  const { port1: port, port2: theirs } = new MessageChannel();
  const remote = createRemoteChanges(post);
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const reading = holdReading(path);
  const listeners = createListeners();
  const hearMigrating = tellMigrating();
  let state: JournalState = { writable: true };

  function post(message: ToThread, given: readonly ArrayBuffer[] = []): void {
    port.postMessage(message, [...given]);
  }
  function hear(told: Told): void {
    if (told.kind === "recorded") remote.concludeRecorded(told.calls);
    else if (told.kind === "outcome") remote.conclude(told.outcome);
    else if (told.kind === "taken") remote.taken();
    else if (told.kind === "commit") onCommit?.(told.commit);
    else if (told.kind === "state") takeState(told.state);
    else if (told.kind === "changed") listeners.announce();
    else if (told.kind === "replaced") tellReplaced(path);
    else if (told.kind === "migrating") hearMigrating(told.done);
    else if (told.kind === "opened") opened.resolve();
    else if (told.kind === "not opened") opened.reject(errorOf(told.error));
    else closed.resolve();
  }
  function takeState(next: JournalState): void {
    state = next;
    // The thread can open what stands there now only when nobody here has what stood there before.
    if (!state.writable) reading.refresh();
  }
  function end(): void {
    port.close();
    thread.terminate();
  }

  port.onmessage = ({ data }) => {
    const told: FromThread = data;
    told.forEach(hear);
  };
  // Whoever foresees it need not wait for it.
  opened.promise.catch(() => {});
  thread.postMessage(settings, [theirs]);
  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    // First, so that the thread is the last that has the file, and leaves all of it in one.
    reading.close();
    remote.flush();
    post("close");
    await closed.promise;
    state = { writable: false, reason: "it is closed" };
    remote.end();
    end();
  }
  return {
    async open() {
      if (isForeseen) post("open");
      try {
        await opened.promise;
      } catch (error) {
        end();
        throw error;
      }
      return writingJournal({
        changes: remote.changes,
        packEvents,
        session: reading.session,
        state: () => state,
        listeners,
        close: () => closing ??= close(),
        refused,
        leaseOwner: LOCK_HOLDER,
      });
    },
    async forget() {
      post("close");
      const isOver = Promise.race([closed.promise, opened.promise.then(() => closed.promise)]);
      // What could not be opened is told to nobody: it was not wanted.
      await waitAtMost(FORGET_MS, isOver).catch(() => {});
      end();
    },
  };
}

/** A journal that is read beside the thread that writes it. */
export interface FollowedJournal {
  readonly reading: ReadingJournal;
  /** Lets go of its files where they were removed or replaced. */
  readonly look: () => void;
  readonly close: () => void;
}

/**
 * Reads a journal beside what writes it, in this process or another one.
 *
 * @param path The path of its file.
 * @returns The journal; its file is opened when it is first asked, and again when it was replaced.
 */
export function followJournal(path: string): FollowedJournal {
  const { session, look, close } = holdReading(path);
  return { reading: readingJournal(session), look, close };
}

/** A session to read with. */
interface ReadingHolder {
  /**
   * Gives the session, opened again when its files were removed or replaced.
   *
   * @throws {JournalUnavailable} When there is none just now.
   */
  readonly session: () => ReadSession;
  /** Has the session opened again: nothing of its files may be left open by this process then. */
  readonly refresh: () => void;
  /** The same, where they were removed or replaced. */
  readonly look: () => void;
  readonly close: () => void;
}

interface Opened {
  readonly session: ReadSession;
  readonly inPlace: () => boolean;
}

/**
 * Keeps a session to read with, beside the thread that writes.
 *
 * @param path The path of the journal's file.
 * @returns The session; its file is opened when it is first asked for.
 */
function holdReading(path: string): ReadingHolder {
  let current: Opened | undefined;
  let isClosed = false;

  function drop(): void {
    current?.session.close();
    current = undefined;
  }

  return {
    session() {
      if (isClosed) throw new JournalUnavailable("Cannot use the journal: it is closed");
      if (current !== undefined && !current.inPlace()) drop();
      current ??= open(path);
      return current.session;
    },
    refresh: drop,
    look() {
      if (current !== undefined && !current.inPlace()) drop();
    },
    close() {
      isClosed = true;
      drop();
    },
  };
}

function open(path: string): Opened {
  try {
    const session = openReadSession(path);
    const files = [path, `${path}-wal`, `${path}-shm`].map(watchFile);
    return { session, inPlace: () => files.every((isSame) => isSame()) };
  } catch (error) {
    if (!(error instanceof JournalNotOpened)) throw error;
    throw new JournalUnavailable(error.message, { cause: error });
  }
}
