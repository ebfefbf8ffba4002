import type { DatabaseSync } from "node:sqlite";
import type { ComingEvent, KnownEvent, KnownEvents } from "../../repeats.ts";
import { integer, nullable, type Row, text } from "../columns.ts";

/** A known event with its row. */
export interface RecentEvent extends KnownEvent {
  readonly seq: number;
}

/** What the rule for repeats knows; what writes belongs inside a transaction. */
export interface RecentEvents {
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
export function createRecentEvents(database: DatabaseSync): RecentEvents {
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
    seq: integer(row, "seq"),
    id: text(row, "event_id"),
    key: nullable(row, "key", text),
    content: nullable(row, "content", text),
    receivedAt: integer(row, "received_at"),
    deliveryId: text(row, "delivery_id"),
  };
}
