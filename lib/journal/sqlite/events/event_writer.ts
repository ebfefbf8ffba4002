import type { DatabaseSync } from "node:sqlite";
import { integer } from "../columns.ts";
import { type EncodedEvent, INSERT_EVENT } from "./event_row.ts";
import type { ForwardStates } from "../forwards/forward_states.ts";

/** Writes events; this belongs inside a transaction. */
export interface EventWriter {
  /** Stores the events of a delivery, which is stored already, with their forwards. */
  readonly insert: (events: readonly EncodedEvent[]) => void;
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

  function insertOne({ endpoint, key, receivedAt, values, forwards: toInsert }: EncodedEvent) {
    if (seeAgain.run(receivedAt, endpoint, key).changes > 0) return;
    const row = insertion.get(...values);
    if (integer(row, "duplicates") > 0) return;
    const seq = integer(row, "seq");
    for (const forward of toInsert) forwards.insert(seq, forward);
  }

  return { insert: (events) => events.forEach(insertOne) };
}
