import type { DatabaseSync } from "node:sqlite";
import type { Row } from "../columns.ts";

/** Removes events; every method belongs inside a transaction. */
export interface EventPruner {
  /** Finds the oldest event that may go, as `seq` and `at`. */
  readonly oldest: { get(): Row | undefined };
  /** Removes an event with its forwards; the rule for repeats knows it on. */
  readonly remove: (seq: number) => void;
}

/**
 * Prepares the statements that remove events.
 *
 * @param database A database open for writing.
 * @returns What removes them.
 */
export function createEventPruner(database: DatabaseSync): EventPruner {
  const remove = database.prepare("DELETE FROM events WHERE seq = ?");

  return {
    oldest: database.prepare(
      "SELECT seq, received_at AS at FROM events WHERE waiting = 0 ORDER BY received_at LIMIT 1",
    ),
    remove: (seq) => void remove.run(seq),
  };
}
