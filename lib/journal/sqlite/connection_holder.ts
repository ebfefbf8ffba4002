import { setImmediate } from "node:timers";
import { JournalNotOpened, JournalUnavailable } from "../errors.ts";
import type { JournalState } from "../journal.ts";
import { ChangeRefused } from "./group_commit.ts";
import type { WriteSession } from "./session.ts";
import { JournalDamaged } from "./soundness.ts";
import { describeError, SQLITE, sqliteCode } from "./sqlite_error.ts";

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
  /** Waits between the steps of long work, so that others have their turn. */
  readonly rest: () => Promise<void>;
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

  /** What is damaged stays open, and is looked at again; what else was changed is opened anew. */
  function inspect(session: WriteSession, written: boolean): void {
    try {
      session.inspect(written);
    } catch (error) {
      if (!(error instanceof JournalDamaged)) drop();
      throw error;
    }
  }

  function session(): WriteSession {
    if (closed) throw new JournalUnavailable("Cannot use the journal: it is closed");
    try {
      if (current !== undefined && !current.inPlace()) drop();
      current ??= open();
      inspect(current, false);
      return current;
    } catch (error) {
      throw unavailable(error);
    }
  }

  function transaction<T>(change: (session: WriteSession) => T): T {
    const used = session();
    try {
      const result = used.writer.transaction(() => change(used));
      // What was written to a file that was taken away meanwhile must not be acknowledged.
      if (!used.inPlace()) throw new Error("the file was removed or replaced");
      inspect(used, true);
      state = { writable: true };
      return result;
    } catch (error) {
      if (error instanceof ChangeRefused) throw error;
      if (DAMAGE.has(sqliteCode(error))) used.suspect();
      else if (!(error instanceof JournalDamaged) && !PASSING.has(sqliteCode(error))) drop();
      throw unavailable(error);
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
    rest: () =>
      new Promise((resolve) => {
        if (restMs === undefined) setImmediate(resolve);
        else setTimeout(resolve, restMs);
      }),
    close() {
      closed = true;
      state = { writable: false, reason: "it is closed" };
      drop();
    },
  };
}
