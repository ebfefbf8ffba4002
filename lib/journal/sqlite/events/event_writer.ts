import type { DatabaseSync } from "node:sqlite";
import { integer } from "../columns.ts";
import { type EncodedEvent, INSERT_EVENT } from "./event_row.ts";
import type { ForwardStates } from "../forwards/forward_states.ts";
import { SQLITE, sqliteCode } from "../file/sqlite_error.ts";

/** Writes events; this belongs inside a transaction. */
export interface EventWriter {
  /**
   * Stores the events of a delivery, which is stored already, with their forwards.
   *
   * @throws {RangeError} When one of them can't be stored; then none is, and the delivery is gone.
   */
  readonly insert: (deliveryId: string, events: readonly EncodedEvent[]) => void;
}

/**
 * Prepares the statements that write events.
 *
 * @param database A database open for writing.
 * @param forwards Writes their forwards.
 * @returns The writer.
 */
export function createEventWriter(database: DatabaseSync, forwards: ForwardStates): EventWriter {
  const insertion = database.prepare(INSERT_EVENT);
  const seeAgain = database.prepare(`
    UPDATE past_keys SET last_seen_at = max(last_seen_at, ?) WHERE endpoint = ? AND key = ?`);
  const savepoint = database.prepare("SAVEPOINT events");
  const goBack = database.prepare("ROLLBACK TO events");
  const endSavepoint = database.prepare("RELEASE events");
  const removeDelivery = database.prepare("DELETE FROM deliveries WHERE id = ?");

  function insertOne({ endpoint, key, receivedAt, values, forwards: toInsert }: EncodedEvent) {
    if (seeAgain.run(receivedAt, endpoint, key).changes > 0) return;
    const row = insertion.get(...values);
    if (integer(row, "duplicates") > 0) return;
    const seq = integer(row, "seq");
    for (const forward of toInsert) forwards.insert(seq, forward);
  }

  return {
    insert(deliveryId, events) {
      if (events.length === 0) return;
      savepoint.run();
      try {
        events.forEach(insertOne);
      } catch (error) {
        if (sqliteCode(error) !== SQLITE.constraint) throw error;
        goBack.run();
        endSavepoint.run();
        removeDelivery.run(deliveryId);
        throw new RangeError("Cannot record a delivery: one of its events has no valid shape", {
          cause: error,
        });
      }
      endSavepoint.run();
    },
  };
}
