import type { MentionRole } from "../mentions.ts";
import type { ConnectionHolder } from "./connection_holder.ts";
import { integerColumn, nullableColumn } from "../columns.ts";
import { type Row } from "./rows.ts";
import type { WriteSession } from "./session.ts";

/** How long one step may hold up the requests of its turn. */
export const STEP_MS = 4;

/**
 * Does long work in steps of a few milliseconds, and lets others have their turn between them.
 *
 * @param rest Waits between two steps.
 * @param step Works until the deadline, on the clock of `performance.now()`; `true` when done.
 * @param budgetMs Begins no further step after this time.
 * @returns Whether all was done.
 */
export async function inSteps(
  rest: () => Promise<void>,
  step: (deadline: number) => boolean,
  budgetMs = Infinity,
): Promise<boolean> {
  const end = performance.now() + budgetMs;
  do {
    if (step(performance.now() + STEP_MS)) return true;
    await rest();
  } while (performance.now() < end);
  return false;
}

/** What is looked through: rows in their order, and what happens to those that are meant. */
export interface Sweep {
  readonly table:
    | "deliveries"
    | "export_versions"
    | "events"
    | "recent_events"
    | "attempts"
    | "console_audit";
  /** Finds the first row behind a `seq`. */
  readonly next: string;
  /** Tells as whom a row names the person; `null` when it does not, or is not meant. */
  readonly roleOf: (row: Row) => MentionRole | null;
  /** Prepares what is done with a row that is meant, within a transaction. */
  readonly clear: (session: WriteSession) => (row: Row, role: MentionRole) => void;
  /** Whether `clear` changes nothing: then it needs no transaction. */
  readonly dryRun: boolean;
}

/** How many rows were meant, and how many of these name the person only as the store's. */
export interface Swept {
  readonly all: number;
  readonly ofStore: number;
}

/** More are not cleared in one transaction. */
const MAX_HITS = 200;

/**
 * Looks through all rows that a table has now and clears some, in steps that leave room for
 * requests. What comes in meanwhile is left out: another process may add rows faster than this one
 * looks through them. Looking takes no lock, however long it takes to read what a row holds.
 *
 * @param holder Gives the session.
 * @param sweep What is looked through.
 * @returns How many rows were meant.
 */
export async function sweep(
  holder: ConnectionHolder,
  { table, next, roleOf, clear, dryRun }: Sweep,
): Promise<Swept> {
  const newest = holder.session().database.prepare(`SELECT max(seq) AS seq FROM ${table}`).get();
  const last = newest === undefined ? null : nullableColumn(newest, "seq", integerColumn);
  let [seq, all, ofStore] = [-1, 0, 0];
  if (last === null) return { all, ofStore };

  function clearAll(session: WriteSession, hits: readonly number[]): void {
    const [find, clearOne] = [session.database.prepare(next), clear(session)];
    for (const hit of hits) {
      // It may have changed since it was looked at: what counts is what it holds now.
      const row = find.get(hit - 1);
      if (row === undefined || integerColumn(row, "seq") !== hit) continue;
      const role = roleOf(row);
      if (role === null) continue;
      clearOne(row, role);
      all++;
      if (role === "store") ofStore++;
    }
  }
  function change(hits: readonly number[]): void {
    if (hits.length === 0) return;
    if (dryRun) return clearAll(holder.session(), hits);
    holder.transaction((session) => {
      session.database.exec("PRAGMA secure_delete = ON");
      try {
        clearAll(session, hits);
      } finally {
        session.database.exec("PRAGMA secure_delete = FAST");
      }
    });
  }

  for (let isDone = false; !isDone;) {
    const startedAt = performance.now();
    const deadline = startedAt + STEP_MS;
    const find = holder.session().database.prepare(next);
    const hits: number[] = [];
    do {
      const row = find.get(seq);
      seq = row === undefined ? Infinity : integerColumn(row, "seq");
      isDone = row === undefined || seq > last;
      if (row !== undefined && !isDone && roleOf(row) !== null) hits.push(seq);
    } while (!isDone && hits.length < MAX_HITS && performance.now() < deadline);
    change(hits);
    // Whoever only looked kept nobody from writing, but what it reads the others may have to wait for.
    const hasChanged = hits.length > 0 && !dryRun;
    await (hasChanged ? holder.rest() : holder.rest(performance.now() - startedAt));
  }
  return { all, ofStore };
}
