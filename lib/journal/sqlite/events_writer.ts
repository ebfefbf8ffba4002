import type { DatabaseSync } from "node:sqlite";
import { type Delivery, timeKeyOf } from "../delivery.ts";
import {
  type ComingEvent,
  CONTRADICTION_WARNING,
  judgeRepeats,
  type KnownEvent,
  type KnownEvents,
} from "../repeats.ts";
import type { Counts } from "./counts.ts";
import { createIdFinder } from "./deliveries.ts";
import { type EncodedEvent, INSERT_EVENT } from "./events.ts";
import type { ForwardStates } from "./forward_states.ts";
import { integerColumn, nullableColumn, type Row, textColumn } from "./rows.ts";

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
  const recent = createRecentEvents(database);
  const removal = database.prepare("DELETE FROM events WHERE seq = ? RETURNING with_warnings");

  function keep(event: EncodedEvent, warnings: readonly string[]): void {
    const seq = timeKeyOf(event.id) ?? NaN;
    insertion.run(seq, event.key, JSON.stringify(warnings), ...event.values);
    counts.add("events", "all", 1);
    if (warnings.length > 0) counts.add("events", "with warnings", 1);
    for (const forward of event.forwards) forwards.insert(seq, event.payloadBytes, forward);
  }

  return {
    remove(seq) {
      forwards.discount(seq);
      const row = removal.get(seq);
      if (row === undefined) return;
      counts.add("events", "all", -1);
      if (integerColumn(row, "with_warnings") === 1) counts.add("events", "with warnings", -1);
    },
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
        seeAgain.run(receivedAt, seqOf(ids[index] ?? "") ?? -1);
        if (kind === "repeat") recent.seeAgain(of.seq, deliveryId);
      }
      recent.forget(receivedAt, events.length, repeatWindowMs);
      return contradicting;
    },
  };
}

/** A known event with its row. */
interface RecentEvent extends KnownEvent {
  readonly seq: number;
}

/** What the rule for repeats knows; what writes belongs inside a transaction. */
interface RecentEvents {
  /** Finds those of an endpoint. */
  readonly at: (endpoint: string) => KnownEvents<RecentEvent>;
  readonly insert: (
    endpoint: string,
    event: ComingEvent & Pick<KnownEvent, "id" | "receivedAt" | "deliveryId">,
  ) => void;
  /** Marks one as brought by another delivery. */
  readonly seeAgain: (seq: number, deliveryId: string) => void;
  /** Looks at twice as many as came, oldest first, and forgets those that no retry can reach. */
  readonly forget: (now: number, came: number, windowMs: number) => void;
}

const COLUMNS = "seq, key, content, received_at, delivery_id, event_id";

/**
 * Prepares the statements for what is known of recent events.
 *
 * @param database A database open for writing.
 * @returns The table.
 */
function createRecentEvents(database: DatabaseSync): RecentEvents {
  const ofSubject = database.prepare(`
    SELECT ${COLUMNS} FROM recent_events WHERE endpoint = ? AND subject = ?
    ORDER BY seq DESC LIMIT ?`);
  const ofNoSubject = database.prepare(`
    SELECT ${COLUMNS} FROM recent_events
    WHERE endpoint = ? AND key = ? AND content IS NOT NULL AND subject IS NULL
    ORDER BY seq DESC LIMIT 1`);
  const byKey = database.prepare(`
    SELECT ${COLUMNS} FROM recent_events
    WHERE endpoint = ? AND key = ? AND content IS NOT NULL ORDER BY seq DESC`);
  const insertion = database.prepare(`
    INSERT INTO recent_events (endpoint, subject, key, content, received_at, delivery_id, event_id)
    VALUES (?, ?, ?, ?, ?, ?, ?)`);
  const update = database.prepare("UPDATE recent_events SET delivery_id = ? WHERE seq = ?");
  // In the order in which they came: whatever the clock did, those that are out of reach go.
  const removal = database.prepare(`
    DELETE FROM recent_events WHERE seq IN (
      SELECT seq FROM (SELECT seq, received_at FROM recent_events ORDER BY seq LIMIT ?)
      WHERE abs(received_at - ?) >= ?)`);

  return {
    at: (endpoint) => ({
      newestOf(subject, key, most) {
        const rows = ofSubject.all(endpoint, subject, most);
        return (rows.length > 0 ? rows : ofNoSubject.all(endpoint, key)).map(decode);
      },
      withKey: (key) => byKey.all(endpoint, key).map(decode),
    }),
    insert(endpoint, { id, subject, key, content, receivedAt, deliveryId }) {
      insertion.run(endpoint, subject, key, content ?? null, receivedAt, deliveryId, id);
    },
    seeAgain: (seq, deliveryId) => void update.run(deliveryId, seq),
    forget: (now, came, windowMs) => void removal.run(2 * came, now, windowMs),
  };
}

function decode(row: Row): RecentEvent {
  return {
    seq: integerColumn(row, "seq"),
    id: textColumn(row, "event_id"),
    key: nullableColumn(row, "key", textColumn),
    content: nullableColumn(row, "content", textColumn),
    receivedAt: integerColumn(row, "received_at"),
    deliveryId: textColumn(row, "delivery_id"),
  };
}
