import { clearImmediate, setImmediate } from "node:timers";
import { JournalNotOpened, JournalUnavailable } from "../errors.ts";
import type { JournalState } from "../journal.ts";
import type { WriteSession } from "./session.ts";
import { describeError, JournalDamaged, SQLITE, sqliteCode } from "./soundness.ts";

/** Keeps a session open for writing, and opens it again when that is what is wanted. */
export interface ConnectionHolder {
  /**
   * Gives the session, opened again when its files were removed or replaced.
   *
   * @throws {JournalUnavailable} When there is none just now.
   */
  readonly session: () => WriteSession;
  /**
   * Runs a change in a transaction, and notes whether it could be stored.
   *
   * @throws {JournalUnavailable} When it could not be.
   * @throws {ChangeRefused} When the change throws that; the transaction is taken back.
   */
  readonly transaction: <T>(change: (session: WriteSession) => T) => T;
  readonly state: () => JournalState;
  /**
   * Tells whether another process has written since it was asked for the last time. It may say so
   * once too often.
   */
  readonly wasChangedByOthers: () => boolean;
  /** Whether many deliveries stand in no list yet: see `delivery_list.ts`. */
  readonly isListDue: () => boolean;
  /**
   * Waits between the steps of long work, so that others have their turn.
   *
   * @param lookedMs How long a step took that only looked, and held no lock: beside another process
   * the rest is as long then, which leaves that one half of the disk and of a processor.
   */
  readonly rest: (lookedMs?: number) => Promise<void>;
  readonly close: () => void;
}

/** How a session is kept. */
export interface HoldOptions {
  /** How often `state()` looks for itself. */
  readonly probeEveryMs?: number | undefined;
  /** How long `rest()` is; a turn of the event loop unless given. */
  readonly restMs?: number | undefined;
}

/** How often `state()` looks for itself. */
const PROBE_EVERY_MS = 1000;

/** More than what is left over in the file anyway, so that a full disk is seen as one. */
const PROBE_BYTES = 65_536;

/** With these the session itself is fine: it is the next attempt that may succeed. */
const PASSING: ReadonlySet<number | undefined> = new Set<number | undefined>([
  SQLITE.full,
  SQLITE.busy,
]);

/** With these it is not sure that anything in the file can be trusted. */
const DAMAGE: ReadonlySet<number | undefined> = new Set<number | undefined>([
  SQLITE.corrupt,
  SQLITE.notADatabase,
]);

/**
 * Opens a session and keeps it.
 *
 * @param open Opens one.
 * @param options How it is kept.
 * @returns The holder.
 */
export function holdConnection(
  open: () => WriteSession,
  { probeEveryMs = PROBE_EVERY_MS, restMs }: HoldOptions = {},
): ConnectionHolder {
  let current: WriteSession | undefined = open();
  let state: JournalState = { writable: true };
  let probedAt = performance.now();
  let foreignVersion: number | undefined;
  let emptying: ReturnType<typeof setImmediate> | undefined;
  let closed = false;

  function drop(): void {
    try {
      current?.close();
    } catch {
      // A session that can't even be closed has nothing left to save.
    }
    current = undefined;
  }

  function unavailable(error: unknown): JournalUnavailable {
    if (error instanceof JournalUnavailable) return error;
    const reason = error instanceof JournalNotOpened ? error.reason : describeError(error);
    state = { writable: false, reason };
    return new JournalUnavailable(`Cannot use the journal: ${reason}`, { cause: error });
  }

  /**
   * Tells whether the files stand in their places. What is damaged stays open, and is looked at
   * again; what else was changed is opened anew.
   */
  function inspect(session: WriteSession, written: boolean): boolean {
    try {
      return session.inspect(written);
    } catch (error) {
      if (!(error instanceof JournalDamaged)) drop();
      throw error;
    }
  }

  function session(): WriteSession {
    if (closed) throw new JournalUnavailable("Cannot use the journal: it is closed");
    try {
      if (current !== undefined && !inspect(current, false)) drop();
      return current ??= open();
    } catch (error) {
      throw unavailable(error);
    }
  }

  function transaction<T>(change: (session: WriteSession) => T): T {
    const used = session();
    try {
      const result = used.transaction(() => change(used));
      // What was written to a file that was taken away meanwhile must not be acknowledged.
      if (!inspect(used, true)) throw new Error("the file was removed or replaced");
      state = { writable: true };
      // Once those who waited for this are told.
      if (used.isLogFull()) emptying ??= setImmediate(emptyLog);
      return result;
    } catch (error) {
      if (error instanceof ChangeRefused) throw error;
      if (DAMAGE.has(sqliteCode(error))) used.suspect();
      else if (!(error instanceof JournalDamaged) && !PASSING.has(sqliteCode(error))) drop();
      throw unavailable(error);
    }
  }

  /** See `log_emptying.ts`. What keeps the log from being emptied, the next transaction tells. */
  function emptyLog(): void {
    emptying = undefined;
    if (current === undefined) return;
    const used = current;
    try {
      used.emptyLog();
    } catch (error) {
      if (DAMAGE.has(sqliteCode(error))) used.suspect();
      else if (error instanceof JournalDamaged) unavailable(error);
      else if (sqliteCode(error) === undefined) drop();
    }
  }

  function probe(): void {
    try {
      if (state.writable) {
        session();
        return;
      }
      transaction(({ database }) => {
        database.prepare("INSERT INTO probes (filler) VALUES (zeroblob(?))").run(PROBE_BYTES);
      });
      transaction(({ database }) => database.exec("DELETE FROM probes"));
    } catch (error) {
      unavailable(error);
    }
  }

  return {
    session,
    transaction,
    state() {
      if (!closed && performance.now() - probedAt >= probeEveryMs) {
        probe();
        probedAt = performance.now();
      }
      return state;
    },
    wasChangedByOthers() {
      const before = foreignVersion;
      foreignVersion = current?.foreignVersion();
      return before !== undefined && foreignVersion !== before;
    },
    isListDue: () => current?.writer.isListDue() ?? false,
    rest: (lookedMs = Infinity) =>
      new Promise((resolve) => {
        if (restMs === undefined) setImmediate(resolve);
        else setTimeout(resolve, Math.min(lookedMs, restMs));
      }),
    close() {
      closed = true;
      clearImmediate(emptying);
      state = { writable: false, reason: "it is closed" };
      drop();
    },
  };
}

/** A change is wrong in itself: the journal could be written without it. */
export class ChangeRefused extends Error {
  override readonly name = "ChangeRefused";

  constructor(
    /** The change. */
    readonly change: unknown,
    /** Why. */
    override readonly cause: RangeError,
  ) {
    super(cause.message);
  }
}
