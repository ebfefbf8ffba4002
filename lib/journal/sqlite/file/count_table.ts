import type { DatabaseSync } from "node:sqlite";
import { integer, text } from "../columns.ts";

/** What is counted, by names. */
export type CountKind =
  | "deliveries"
  | "events"
  | "exports"
  | "forwards"
  | "waiting"
  | "failed"
  | "waiting bytes";

/**
 * Prepares the statement that reads counts, which are kept with every change: nothing is scanned.
 *
 * @param database An open database.
 * @returns What reads the counts of a kind by their names; one that is 0 is missing.
 */
export function createCountTable(
  database: DatabaseSync,
): (kind: CountKind) => ReadonlyMap<string, number> {
  const counts = database.prepare("SELECT name, n FROM counts WHERE kind = ? AND n > 0");
  return (kind) => new Map(counts.all(kind).map((row) => [text(row, "name"), integer(row, "n")]));
}
