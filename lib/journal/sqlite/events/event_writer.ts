import type { DatabaseSync } from "node:sqlite";
import type { Delivery } from "../../delivery.ts";
import { CONTRADICTION_WARNING, judgeRepeats } from "../../repeats.ts";
import { integer } from "../columns.ts";
import type { ForwardStates } from "../forwards/forward_states.ts";
import { type EncodedEvent, furtherKey, INSERT_EVENT } from "./event_row.ts";
import { createRecentEvents } from "./recent_events.ts";

/** What brings events. */
export type BringingDelivery = Pick<Delivery, "id" | "endpoint" | "receivedAt">;

/** Writes events; this belongs inside a transaction. */
export interface EventWriter {
  /**
   * Stores the events of a delivery, which is stored already, with their forwards; counts those
   * that are repeats.
   *
   * @returns The ids of those that are kept though the sender's id was known.
   */
  readonly insert: (
    delivery: BringingDelivery,
    events: readonly EncodedEvent[],
  ) => readonly string[];
}

/**
 * Prepares the statements that write events.
 *
 * @param database A database open for writing.
 * @param forwards Writes their forwards.
 * @param repeatWindowMs How long a repeat can be a retry.
 * @returns The writer.
 */
export function createEventWriter(
  database: DatabaseSync,
  forwards: ForwardStates,
  repeatWindowMs: number,
): EventWriter {
  const insertion = database.prepare(INSERT_EVENT);
  const seeAgain = database.prepare(`
    UPDATE events SET duplicates = duplicates + 1, last_seen_at = max(last_seen_at, ?)
    WHERE id = ?`);
  const recent = createRecentEvents(database);

  function keep(event: EncodedEvent, warnings: readonly string[]): void {
    const texts = JSON.stringify(warnings);
    const row = insertion.get(event.key, texts, ...event.values) ??
      insertion.get(furtherKey(event), texts, ...event.values);
    const seq = integer(row, "seq");
    for (const forward of event.forwards) forwards.insert(seq, forward);
  }

  return {
    insert({ id: deliveryId, endpoint, receivedAt }, events) {
      if (events.length === 0) return [];
      const contradicting: string[] = [];
      const verdicts = judgeRepeats(events, receivedAt, repeatWindowMs, recent.at(endpoint));
      /** The id of the event that each of the delivery is, or repeats. */
      const ids: string[] = [];
      for (const [index, event] of events.entries()) {
        const verdict = verdicts[index] ?? { kind: "new", contradicts: false };
        if (verdict.kind === "new") {
          ids.push(event.id);
          if (verdict.contradicts) contradicting.push(event.id);
          keep(
            event,
            verdict.contradicts ? [...event.warnings, CONTRADICTION_WARNING] : event.warnings,
          );
          recent.insert(endpoint, { ...event, receivedAt, deliveryId });
          continue;
        }
        const { kind, of } = verdict;
        ids.push(kind === "repeat" ? of.id : ids[of] ?? "");
        seeAgain.run(receivedAt, ids[index] ?? "");
        if (kind === "repeat") recent.seeAgain(of.seq, deliveryId);
      }
      recent.forget(receivedAt, events.length, repeatWindowMs);
      return contradicting;
    },
  };
}
