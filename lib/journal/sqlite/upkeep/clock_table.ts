import type { DatabaseSync } from "node:sqlite";
import type { ClockRecord } from "../../clock_watch.ts";
import { integer } from "../columns.ts";

/** What is known of the clock; what writes belongs inside a transaction. */
export interface ClockTable {
  readonly read: () => ClockRecord | null;
  readonly write: (record: ClockRecord) => void;
}

/**
 * Prepares the statements for what is known of the clock.
 *
 * @param database An open database.
 * @returns The table.
 */
export function createClockTable(database: DatabaseSync): ClockTable {
  const selection = database.prepare("SELECT trusted_at, seen_ms FROM clock");
  const replacement = database.prepare(
    "INSERT OR REPLACE INTO clock (seq, trusted_at, seen_ms) VALUES (1, ?, ?)",
  );
  return {
    read() {
      const row = selection.get();
      return row === undefined
        ? null
        : { trustedAt: integer(row, "trusted_at"), seenMs: integer(row, "seen_ms") };
    },
    write({ trustedAt, seenMs }) {
      replacement.run(Math.round(trustedAt), Math.round(seenMs));
    },
  };
}
