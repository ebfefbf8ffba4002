import type { DatabaseSync } from "node:sqlite";
import { integerColumn } from "./rows.ts";

/** How exactly it is noted when a list was used last: to note it each time would cost a page. */
const NOTED_EVERY_MS = 24 * 3_600_000;

/** Lists of rules: kept once, however many deliveries were decided by them. */
export interface RuleSets {
  /**
   * Finds the row of a list; a new one is written, so this belongs inside a transaction.
   *
   * @param names The list, as text.
   * @param receivedAt When the delivery came in that was decided by it.
   */
  rowOf(names: string, receivedAt: number): number;
  /**
   * Removes the lists by which no delivery of then or later was decided.
   *
   * @param before When; what was used within two days before it stays, too.
   */
  removeUnused(before: number): void;
  /** Forgets which rows there are: a transaction that wrote some was rolled back. */
  forget(): void;
}

interface KnownSet {
  readonly row: number;
  readonly usedAt: number;
}

/**
 * Prepares the statements for lists of rules.
 *
 * @param database A database open for writing.
 * @returns The lists.
 */
export function createRuleSets(database: DatabaseSync): RuleSets {
  const insertion = database.prepare(`
    INSERT INTO rule_sets (names, used_at) VALUES (?, ?)
    ON CONFLICT (names) DO UPDATE SET used_at = max(used_at, excluded.used_at)
    RETURNING seq, used_at`);
  const removal = database.prepare("DELETE FROM rule_sets WHERE used_at < ?");
  const known = new Map<string, KnownSet>();
  return {
    rowOf(names, receivedAt) {
      let set = known.get(names);
      if (set === undefined || receivedAt - set.usedAt > NOTED_EVERY_MS) {
        const row = insertion.get(names, receivedAt);
        known.set(
          names,
          set = { row: integerColumn(row, "seq"), usedAt: integerColumn(row, "used_at") },
        );
      }
      return set.row;
    },
    removeUnused(before) {
      if (removal.run(before - 2 * NOTED_EVERY_MS).changes > 0) known.clear();
    },
    forget: () => known.clear(),
  };
}
