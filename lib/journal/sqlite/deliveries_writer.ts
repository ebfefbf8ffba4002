import type { DatabaseSync } from "node:sqlite";
import { fingerprint } from "../delivery.ts";
import { rollback } from "./migrations.ts";
import { type EncodedDelivery, INSERT_DELIVERY } from "./deliveries.ts";
import { integerColumn } from "./rows.ts";

/** Writes deliveries; every method but `transaction()` belongs inside one. */
export interface DeliveryWriter {
  /** Runs the change in a transaction: all of it is stored, or nothing. */
  readonly transaction: <T>(change: () => T) => T;
  readonly insert: (delivery: EncodedDelivery) => void;
  /** Removes the oldest refused deliveries beyond the limit. */
  readonly trimRefused: () => void;
  /** Removes lists of rules by which no delivery of then or later was decided. */
  readonly removeUnusedRules: (before: number) => void;
}

/**
 * Prepares the statements that write deliveries.
 *
 * @param database A database open for writing.
 * @param refusedLimit How many refused deliveries are kept.
 * @returns The writer.
 */
export function createDeliveryWriter(database: DatabaseSync, refusedLimit: number): DeliveryWriter {
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const insertion = database.prepare(INSERT_DELIVERY);
  const ruleSets = createRuleSets(database);
  const countRefused = database.prepare(
    "SELECT count(*) AS n FROM deliveries WHERE verified_by IS NULL",
  );
  const removeRefused = database.prepare(`
    DELETE FROM deliveries WHERE seq IN
      (SELECT seq FROM deliveries WHERE verified_by IS NULL ORDER BY seq LIMIT ?)`);
  // Counting ten thousand at each refusal would cost more than the refusal itself. Whatever else
  // removes refused ones makes this too high, and it is counted again before anything is removed.
  let refusedAtMost = integerColumn(countRefused.get(), "n");

  function trimRefused(): void {
    if (refusedAtMost <= refusedLimit) return;
    refusedAtMost = integerColumn(countRefused.get(), "n");
    if (refusedAtMost <= refusedLimit) return;
    removeRefused.run(refusedAtMost - refusedLimit);
    refusedAtMost = refusedLimit;
  }

  return {
    trimRefused,
    removeUnusedRules: ruleSets.removeUnused,
    insert({ endpoint, receivedAt, body, refused, rules, values }) {
      const content = refused ? null : fingerprint(endpoint, body);
      // Twice, for the row and for the repeat: Deno 2.5 can't bind numbered parameters.
      insertion.run(ruleSets.rowOf(rules, receivedAt), ...values, body, content, content);
      if (refused) refusedAtMost++;
    },
    transaction(change) {
      begin.run();
      try {
        const result = change();
        commit.run();
        return result;
      } catch (error) {
        rollback(database);
        ruleSets.forget();
        refusedAtMost = Infinity;
        throw error;
      }
    },
  };
}

/** How exactly it is noted when a list was used last: to note it each time would cost a page. */
const NOTED_EVERY_MS = 24 * 3_600_000;

/** Lists of rules: kept once, however many deliveries were decided by them. */
interface RuleSets {
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
 */
function createRuleSets(database: DatabaseSync): RuleSets {
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
