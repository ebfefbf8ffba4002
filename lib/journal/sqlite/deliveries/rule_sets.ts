import type { DatabaseSync } from "node:sqlite";
import { integer } from "../columns.ts";

/** Lists of rule names: kept once, however many deliveries were decided by them. */
export interface RuleSets {
  /** Finds the row of a list; a new one is written, so this belongs inside a transaction. */
  rowOf(names: string): number;
  /** Forgets which rows there are: a transaction that wrote some was rolled back. */
  forget(): void;
}

/**
 * Prepares the statements for lists of rule names.
 *
 * @param database A database open for writing.
 */
export function createRuleSets(database: DatabaseSync): RuleSets {
  const insertion = database.prepare("INSERT OR IGNORE INTO rule_sets (names) VALUES (?)");
  const selection = database.prepare("SELECT seq FROM rule_sets WHERE names = ?");
  const rows = new Map<string, number>();
  return {
    rowOf(names) {
      let row = rows.get(names);
      if (row === undefined) {
        insertion.run(names);
        rows.set(names, row = integer(selection.get(names), "seq"));
      }
      return row;
    },
    forget: () => rows.clear(),
  };
}
