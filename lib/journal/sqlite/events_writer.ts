import type { DatabaseSync } from "node:sqlite";
import type { Delivery } from "../delivery.ts";
import { CONTRADICTION_WARNING, judgeRepeats } from "../repeats.ts";
import type { Counts } from "./small_tables.ts";
import { integerColumn } from "../columns.ts";
import { createIdFinder, createRowKeys } from "./rows.ts";
import { type EncodedEvent, INSERT_EVENT } from "./events.ts";
import type { ForwardStates } from "./forward_states.ts";
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
  /** Reads what repeats are found by; else the first event does. */
  readonly load: () => void;
  /** Removes one with its forwards, none of which waits, by its key. */
  readonly remove: (seq: number) => void;
}

/** How events are written. */
export interface EventWriterOptions {
  readonly counts: Counts;
  /** Writes their forwards. */
  readonly forwards: ForwardStates;
  /** How long a repeat can be a retry. */
  readonly repeatWindowMs: number;
}

/**
 * Prepares the statements that write events.
 *
 * @param database A database open for writing.
 * @param options How.
 * @returns The writer.
 */
export function createEventWriter(
  database: DatabaseSync,
  { counts, forwards, repeatWindowMs }: EventWriterOptions,
): EventWriter {
  const insertion = database.prepare(INSERT_EVENT);
  const seeAgain = database.prepare(`
    UPDATE events SET duplicates = duplicates + 1, last_seen_at = max(last_seen_at, ?)
    WHERE seq = ?`);
  const seqOf = createIdFinder(database, "events");
  const newKeyOf = createRowKeys(database, "events");
  const recent = createRecentEvents(database);
  const removal = database.prepare("DELETE FROM events WHERE seq = ? RETURNING with_warnings");

  function keep(event: EncodedEvent, warnings: readonly string[]): void {
    const seq = newKeyOf(event.id);
    insertion.run(seq, event.key, JSON.stringify(warnings), ...event.values);
    counts.add("events", "all", 1);
    if (warnings.length > 0) counts.add("events", "with warnings", 1);
    for (const forward of event.forwards) forwards.insert(seq, event.payloadBytes, forward);
  }

  return {
    load: recent.load,
    remove(seq) {
      forwards.discount(seq);
      const row = removal.get(seq);
      if (row === undefined) return;
      counts.add("events", "all", -1);
      if (integerColumn(row, "with_warnings") === 1) counts.add("events", "with warnings", -1);
    },
    insert({ id: deliveryId, endpoint, receivedAt }, events) {
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
        seeAgain.run(receivedAt, seqOf(ids[index] ?? "") ?? -1);
        if (kind === "repeat") recent.seeAgain(of.seq, deliveryId);
      }
      recent.forget(receivedAt, events.length, repeatWindowMs);
      return contradicting;
    },
  };
}
