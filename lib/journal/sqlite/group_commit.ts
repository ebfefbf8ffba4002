import { setImmediate } from "node:timers";
import type { Keeper } from "./upkeep/keeper.ts";
import type { WriteSession } from "./session.ts";
import { SQLITE, sqliteCode } from "./file/sqlite_error.ts";

/** Writes within the transaction of its group. */
export type Change = (session: WriteSession) => void;

/** Collects changes and commits them together. */
export interface GroupCommit {
  /** Resolves once the change is durable; rejects when it, or its whole group, was not stored. */
  readonly submit: (change: Change) => Promise<void>;
  /** Commits now what is pending. */
  readonly flush: () => void;
}

/** One transaction, for those who count them. */
export interface Commit {
  readonly durationMs: number;
  /** How many changes it held. */
  readonly changes: number;
  /** Whether they are on disk. */
  readonly stored: boolean;
}

interface Pending {
  readonly change: Change;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Makes a group commit: what is submitted within one turn of the event loop becomes one
 * transaction, because it is the waiting for the disk that costs, not the writing.
 *
 * @param keeper Gives the session.
 * @param onCommit Called after each transaction.
 * @returns The group commit.
 */
export function createGroupCommit(
  keeper: Keeper,
  onCommit: (commit: Commit) => void = () => {},
): GroupCommit {
  let pending: Pending[] = [];

  function flush(): void {
    const group = pending;
    pending = [];
    if (group.length === 0) return;
    const startedAt = performance.now();
    let stored = true;
    try {
      const refused = keeper.transaction((session) => apply(group, session));
      for (const each of group) {
        if (refused.has(each)) each.reject(refused.get(each));
        else each.resolve();
      }
    } catch (error) {
      stored = false;
      for (const each of group) each.reject(error);
    }
    onCommit({ durationMs: performance.now() - startedAt, changes: group.length, stored });
  }

  return {
    flush,
    submit(change) {
      return new Promise((resolve, reject) => {
        if (pending.length === 0) setImmediate(flush);
        pending.push({ change, resolve, reject });
      });
    },
  };
}

/** Applies the changes; one that is wrong in itself is left out and does not harm the others. */
function apply(group: readonly Pending[], session: WriteSession): Map<Pending, RangeError> {
  const refused = new Map<Pending, RangeError>();
  for (const each of group) {
    try {
      each.change(session);
    } catch (error) {
      refused.set(each, refusalOf(error));
    }
  }
  session.writer.trimRefused();
  return refused;
}

function refusalOf(error: unknown): RangeError {
  if (error instanceof RangeError) return error;
  if (sqliteCode(error) !== SQLITE.constraint) throw error;
  return new RangeError("Cannot record a delivery: the journal has one of this id", {
    cause: error,
  });
}
