import { clearImmediate, setImmediate } from "node:timers";
import { JournalNotOpened, JournalUnavailable } from "../errors.ts";
import type { JournalState } from "../journal.ts";
import { LISTED_TOGETHER } from "./deliveries_writer.ts";
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
    rest: () =>
      new Promise((resolve) => {
        if (restMs === undefined) setImmediate(resolve);
        else setTimeout(resolve, restMs);
      }),
    close() {
      closed = true;
      clearImmediate(emptying);
      state = { writable: false, reason: "it is closed" };
      drop();
    },
  };
}

/** Collects changes and commits them together. */
export interface GroupCommit {
  /** Resolves once the change is durable; rejects when it, or its whole group, was not stored. */
  readonly submit: (change: Change, weight?: Weight) => Promise<void>;
  /** Commits now what is pending, but for what has to wait behind a heavy change. */
  readonly flush: () => void;
  /** Commits what is pending, and nothing later by itself. */
  readonly end: () => void;
}

/**
 * A heavy change has a transaction of its own, after what is light: nobody who waits for an approval
 * waits for ten thousand events, unless their turn has come. All else keeps its order.
 */
export type Weight = "light" | "normal" | "heavy";

/** One transaction, for those who count them. */
export interface Commit {
  readonly durationMs: number;
  /** How many changes it held. */
  readonly changes: number;
  /** Whether they are on disk. */
  readonly stored: boolean;
}

/** By then whoever was answered may have come again, and is not kept waiting. */
const TIDY_AFTER_MS = 20;

interface Pending {
  readonly weight: Weight;
  readonly change: Change;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Makes a group commit: what is submitted within one turn of the event loop becomes one
 * transaction, because it is the waiting for the disk that costs, not the writing.
 *
 * @param holder Gives the session.
 * @param onCommit Called after each transaction.
 * @returns The group commit.
 */
export function createGroupCommit(
  holder: ConnectionHolder,
  onCommit: (commit: Commit) => void = () => {},
): GroupCommit {
  let pending: Pending[] = [];
  let tidying: ReturnType<typeof setTimeout> | undefined;
  let planned: ReturnType<typeof setImmediate> | undefined;

  /** Never put off by what comes meanwhile: a heavy change has its turn. */
  function flushAfter(turns: number): void {
    planned ??= setImmediate(() => {
      planned = undefined;
      if (turns > 1) flushAfter(turns - 1);
      else flush();
    });
  }

  /** Off the way of a request that came alone: under load the next that are stored take it along. */
  function tidyLater(): void {
    tidying ??= setTimeout(() => {
      tidying = undefined;
      try {
        holder.transaction(({ writer }) => writer.list(LISTED_TOGETHER));
      } catch (error) {
        // The state tells of it, and nothing waits for this.
        if (!(error instanceof JournalUnavailable)) throw error;
      }
    }, TIDY_AFTER_MS);
  }

  /** Takes what is committed together now, and leaves what comes after it. */
  function takeGroup(): readonly Pending[] {
    const heavyAt = pending.findIndex(({ weight }) => weight === "heavy");
    const all = pending;
    pending = [];
    if (heavyAt < 0) return all;
    const isNow = ({ weight }: Pending, index: number) => index < heavyAt || weight === "light";
    const group = all.filter(isNow);
    if (group.length === 0) {
      pending = all.slice(heavyAt + 1);
      return all.slice(heavyAt, heavyAt + 1);
    }
    pending = all.filter((one, index) => !isNow(one, index));
    return group;
  }

  function flush(): void {
    const group = takeGroup();
    // Two turns, so that what became of these is told before.
    if (pending.length > 0) flushAfter(2);
    if (group.length === 0) return;
    const startedAt = performance.now();
    const stored = store(group);
    onCommit({ durationMs: performance.now() - startedAt, changes: group.length, stored });
  }

  /** Tells whether what is not wrong in itself is on disk. */
  function store(group: readonly Pending[]): boolean {
    if (group.length === 0) return true;
    try {
      holder.transaction((session) => apply(group, session));
      for (const each of group) each.resolve();
      if (holder.isListDue()) tidyLater();
      return true;
    } catch (error) {
      if (error instanceof ChangeRefused) {
        const rest = group.filter(({ change }) => change !== error.change);
        for (const each of group) if (!rest.includes(each)) each.reject(error.cause);
        return store(rest);
      }
      for (const each of group) each.reject(error);
      return false;
    }
  }

  return {
    flush,
    end() {
      do flush(); while (pending.length > 0);
      clearImmediate(planned);
      planned = undefined;
      clearTimeout(tidying);
    },
    submit(change, weight = "normal") {
      return new Promise((resolve, reject) => {
        if (pending.length === 0) flushAfter(1);
        pending.push({ weight, change, resolve, reject });
      });
    },
  };
}

/**
 * Applies the changes. One that is wrong in itself is not to harm the others, nor to be stored in
 * part: then all are taken back and made again without it. Savepoints would do the same, at a cost
 * for each change that is right.
 */
function apply(group: readonly Pending[], session: WriteSession): void {
  for (const { change } of group) {
    try {
      change(session);
    } catch (error) {
      throw new ChangeRefused(change, refusalOf(error));
    }
  }
  session.writer.trimRefused();
  if (group.length > 1) session.writer.list(LISTED_TOGETHER);
}

function refusalOf(error: unknown): RangeError {
  if (error instanceof RangeError) return error;
  if (sqliteCode(error) !== SQLITE.constraint) throw error;
  return new RangeError(
    "Cannot record a delivery: the journal has one of this id, or an event of it has no valid shape",
    { cause: error },
  );
}

/** Writes within the transaction of its group. */
export type Change = (session: WriteSession) => void;

/** A change is wrong in itself: the journal could be written without it. */
class ChangeRefused extends Error {
  override readonly name = "ChangeRefused";

  constructor(
    /** The change. */
    readonly change: Change,
    /** Why. */
    override readonly cause: RangeError,
  ) {
    super(cause.message);
  }
}
