import { setImmediate } from "node:timers";
import type { ConnectionHolder } from "./connection_holder.ts";
import type { WriteSession } from "./session.ts";
import { SQLITE, sqliteCode } from "./sqlite_error.ts";

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
 * @param holder Gives the session.
 * @param onCommit Called after each transaction.
 * @returns The group commit.
 */
export function createGroupCommit(
  holder: ConnectionHolder,
  onCommit: (commit: Commit) => void = () => {},
): GroupCommit {
  let pending: Pending[] = [];

  function flush(): void {
    const group = pending;
    pending = [];
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
    submit(change) {
      return new Promise((resolve, reject) => {
        if (pending.length === 0) setImmediate(flush);
        pending.push({ change, resolve, reject });
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
export class ChangeRefused extends Error {
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
