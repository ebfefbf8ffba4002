import type { DatabaseSync } from "node:sqlite";
import { fingerprint } from "../../fingerprint.ts";
import { integer } from "../columns.ts";
import { type EncodedDelivery, INSERT_DELIVERY } from "./delivery_row.ts";
import { rollback } from "../file/migrate.ts";
import { createRuleSets } from "./rule_sets.ts";

/** Writes deliveries; every method but `transaction()` belongs inside one. */
export interface Writer {
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
export function createWriter(database: DatabaseSync, refusedLimit: number): Writer {
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
  let refusedAtMost = integer(countRefused.get(), "n");

  function trimRefused(): void {
    if (refusedAtMost <= refusedLimit) return;
    refusedAtMost = integer(countRefused.get(), "n");
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
