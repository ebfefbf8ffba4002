import { integer, nullable, type Row } from "../columns.ts";
import type { Keeper } from "./keeper.ts";
import type { WriteSession } from "../session.ts";
import { inSteps } from "./steps.ts";

/** What is looked through: rows in their order, and what happens to those that are meant. */
export interface Sweep {
  readonly table: "deliveries" | "export_versions" | "events" | "past_keys";
  /** Finds the first row behind a `seq`. */
  readonly next: string;
  readonly holds: (row: Row) => boolean;
  /** Prepares what clears a row. */
  readonly clear: (session: WriteSession) => (row: Row) => void;
}

/**
 * Looks through all rows that a table has now and clears some, in steps that leave room for
 * requests. What comes in meanwhile is left out: another process may add rows faster than this one
 * looks through them.
 *
 * @param keeper Gives the session.
 * @param sweep What is looked through.
 * @returns How many rows were cleared.
 */
export async function sweep(
  keeper: Keeper,
  { table, next, holds, clear }: Sweep,
): Promise<number> {
  const newest = keeper.session().database.prepare(`SELECT max(seq) AS seq FROM ${table}`).get();
  const last = newest === undefined ? null : nullable(newest, "seq", integer);
  if (last === null) return 0;
  let seq = -1;
  let cleared = 0;
  await inSteps(keeper.rest, (deadline) =>
    keeper.transaction((session) => {
      const { database } = session;
      database.exec("PRAGMA secure_delete = ON");
      try {
        const [find, change] = [database.prepare(next), clear(session)];
        for (;;) {
          const row = find.get(seq);
          seq = row === undefined ? Infinity : integer(row, "seq");
          if (row === undefined || seq > last) return true;
          if (holds(row)) {
            change(row);
            cleared++;
          }
          if (performance.now() > deadline) return false;
        }
      } finally {
        database.exec("PRAGMA secure_delete = FAST");
      }
    }));
  return cleared;
}
