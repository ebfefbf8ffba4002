import type { DatabaseSync } from "node:sqlite";
import * as z from "zod/mini";
import type { Disabled } from "../../../forward/outbox.ts";
import { integer, text } from "../columns.ts";

/** The destinations that get nothing; what writes belongs inside a transaction. */
export interface DisabledTable {
  readonly all: () => ReadonlyMap<string, Disabled>;
  /** One that is there already stays as it is. */
  readonly insert: (destination: string, disabled: Disabled) => void;
  /** Tells whether it was there. */
  readonly remove: (destination: string) => boolean;
}

const reasonSchema = z.enum(["gone", "failing"]);

/**
 * Prepares the statements for disabled destinations.
 *
 * @param database An open database.
 * @returns The table.
 */
export function createDisabledTable(database: DatabaseSync): DisabledTable {
  const selection = database.prepare("SELECT * FROM disabled_destinations ORDER BY destination");
  const insertion = database.prepare(
    "INSERT OR IGNORE INTO disabled_destinations (destination, at, reason) VALUES (?, ?, ?)",
  );
  const deletion = database.prepare("DELETE FROM disabled_destinations WHERE destination = ?");
  return {
    all: () =>
      new Map(
        selection.all().map((row) => [
          text(row, "destination"),
          { at: integer(row, "at"), reason: reasonSchema.parse(text(row, "reason")) },
        ]),
      ),
    insert: (destination, { at, reason }) => void insertion.run(destination, at, reason),
    remove: (destination) => Number(deletion.run(destination).changes) > 0,
  };
}
