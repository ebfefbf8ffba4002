import type { DatabaseSync } from "node:sqlite";
import type { Pause } from "../../../forward/outbox.ts";
import { integer, text } from "../columns.ts";

/** The destinations that asked for a rest; what writes belongs inside a transaction. */
export interface PausedTable {
  readonly all: () => ReadonlyMap<string, Pause>;
  /** One that is there already is replaced. */
  readonly put: (destination: string, pause: Pause) => void;
  /** Tells whether it was there. */
  readonly remove: (destination: string) => boolean;
}

/**
 * Prepares the statements for destinations that asked for a rest.
 *
 * @param database An open database.
 * @returns The table.
 */
export function createPausedTable(database: DatabaseSync): PausedTable {
  const selection = database.prepare("SELECT * FROM paused_destinations ORDER BY destination");
  const replacement = database.prepare(
    "INSERT OR REPLACE INTO paused_destinations (destination, at, until, status) VALUES (?, ?, ?, ?)",
  );
  const deletion = database.prepare("DELETE FROM paused_destinations WHERE destination = ?");
  return {
    all: () =>
      new Map(
        selection.all().map((row) => [
          text(row, "destination"),
          { at: integer(row, "at"), until: integer(row, "until"), status: integer(row, "status") },
        ]),
      ),
    put(destination, { at, until, status }) {
      replacement.run(destination, Math.round(at), Math.round(until), status);
    },
    remove: (destination) => Number(deletion.run(destination).changes) > 0,
  };
}
