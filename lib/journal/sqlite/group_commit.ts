import { clearImmediate, setImmediate } from "node:timers";
import { JournalUnavailable } from "../errors.ts";
import { ChangeRefused, type ConnectionHolder } from "./connection_holder.ts";
import { LISTED_TOGETHER } from "./deliveries_writer.ts";
import type { WriteSession } from "./session.ts";
import { SQLITE, sqliteCode } from "./soundness.ts";

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
