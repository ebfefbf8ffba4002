import type { DatabaseSync } from "node:sqlite";
import type { Delivery } from "../delivery.ts";
import { CONTRADICTION_WARNING, judgeRepeats } from "../repeats.ts";
import type { Counts } from "./small_tables.ts";
import { integerColumn } from "../columns.ts";
import { createIdFinder, createRowKeys, insertTogether } from "./rows.ts";
import { type EncodedEvent, EVENT_INSERTED } from "./events.ts";
import type { ForwardStates } from "./forward_states.ts";
import type { NewForwards } from "./new_forwards.ts";
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

/** An event that repeats no other. */
interface NewEvent {
  readonly event: EncodedEvent;
  /** Its own, and what was found when it came. */
  readonly warnings: readonly string[];
  /** Whether the sender's id was known. */
  readonly isContradicting: boolean;
}

/** How events are written. */
export interface EventWriterOptions {
  readonly counts: Counts;
  /** Writes their forwards. */
  readonly newForwards: NewForwards;
  /** Takes those of what is removed out of the counts. */
  readonly forwardStates: ForwardStates;
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
  { counts, newForwards, forwardStates, repeatWindowMs }: EventWriterOptions,
): EventWriter {
  const insertAll = insertTogether(database, "events", EVENT_INSERTED);
  const seeAgain = database.prepare(`
    UPDATE events SET duplicates = duplicates + 1, last_seen_at = max(last_seen_at, ?)
    WHERE seq = ?`);
  const seqOf = createIdFinder(database, "events");
  const newKeys = createRowKeys(database, "events");
  const recent = createRecentEvents(database);
  const removal = database.prepare("DELETE FROM events WHERE seq = ? RETURNING with_warnings");

  /** Stores those that are new, with their forwards. */
  function keep(
    kept: readonly NewEvent[],
    { id: deliveryId, endpoint, receivedAt }: BringingDelivery,
  ) {
    const keyOf = newKeys();
    const rows = kept.map(({ event, warnings }) => ({ seq: keyOf(event.id), event, warnings }));
    insertAll(rows.map(({ seq, event, warnings }) => [
      ...[seq, event.key, JSON.stringify(warnings)],
      ...event.values,
      event.payload,
    ]));
    counts.add("events", "all", rows.length);
    const warned = rows.filter(({ warnings }) => warnings.length > 0).length;
    if (warned > 0) counts.add("events", "with warnings", warned);
    newForwards.insert(
      rows.flatMap(({ seq, event: { payload, forwards } }) =>
        forwards.map((forward) => ({ forward, event: seq, payloadBytes: payload.byteLength }))
      ),
    );
    recent.insert(endpoint, kept.map(({ event }) => ({ ...event, receivedAt, deliveryId })));
  }

  return {
    load: recent.load,
    remove(seq) {
      forwardStates.discount(seq);
      const row = removal.get(seq);
      if (row === undefined) return;
      counts.add("events", "all", -1);
      if (integerColumn(row, "with_warnings") === 1) counts.add("events", "with warnings", -1);
    },
    insert(delivery, events) {
      const { id: deliveryId, endpoint, receivedAt } = delivery;
      const verdicts = judgeRepeats(events, receivedAt, repeatWindowMs, recent.at(endpoint));
      const kept: NewEvent[] = [];
      /** The id of the event that each of the delivery is, or repeats. */
      const ids: string[] = [];
      for (const [index, event] of events.entries()) {
        const verdict = verdicts[index] ?? { kind: "new", contradicts: false };
        if (verdict.kind === "new") {
          const { contradicts: isContradicting } = verdict;
          const warnings = isContradicting
            ? [...event.warnings, CONTRADICTION_WARNING]
            : event.warnings;
          kept.push({ event, warnings, isContradicting });
          ids.push(event.id);
          continue;
        }
        const { kind, of } = verdict;
        ids.push(kind === "repeat" ? of.id : ids[of] ?? "");
      }
      if (kept.length > 0) keep(kept, delivery);
      // What repeats another of the delivery finds it there now.
      for (const [index, verdict] of verdicts.entries()) {
        if (verdict.kind === "new") continue;
        seeAgain.run(receivedAt, seqOf(ids[index] ?? "") ?? -1);
        if (verdict.kind === "repeat") recent.seeAgain(verdict.of.seq, deliveryId);
      }
      recent.forget(receivedAt, events.length, repeatWindowMs);
      return kept.flatMap(({ event, isContradicting }) => isContradicting ? [event.id] : []);
    },
  };
}
