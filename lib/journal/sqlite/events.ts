import type { DatabaseSync } from "node:sqlite";
import type { StoredEvent } from "../../forward/outbox.ts";
import { type Delivery, newDeliveryId as newId } from "../delivery.ts";
import type { ListSpan, Position } from "../delivery_filter.ts";
import type {
  EventCounts,
  EventDetails,
  EventFilter,
  EventListOptions,
  EventPage,
  EventSummary,
  EventToRecord,
  KeptEvent,
} from "../events.ts";
import type { ComingEvent } from "../repeats.ts";
import { parseTexts } from "../stored_texts.ts";
import type { Counts } from "./small_tables.ts";
import { bytesColumn, integerColumn, lowerAscii, nullableColumn } from "../columns.ts";
import {
  type Condition,
  createIdFinder,
  createKeyFinder,
  type Key,
  type Row,
  type Selection,
  textColumn,
  wholeTexts,
  writeSelection,
} from "./rows.ts";
import type { ForwardReader, ForwardToInsert } from "./forwards.ts";

/** Reads events. */
export interface EventReader {
  readonly list: (options: EventListOptions) => EventPage;
  readonly timeBehind: (rows: number, span?: ListSpan) => number | undefined;
  readonly get: (id: string) => EventDetails | undefined;
  /** The keys of the next events, oldest first. */
  readonly keysAfter: (
    filter: EventFilter,
    after: Position | undefined,
    limit: number,
  ) => readonly Key[];
  readonly bySeq: (seq: number) => KeptEvent | undefined;
  readonly counts: () => EventCounts;
}

/**
 * Prepares the statements that read events.
 *
 * @param database An open database.
 * @param forwards Reads their forwards.
 * @param counts Its counts.
 * @returns The reader.
 */
export function createEventReader(
  database: DatabaseSync,
  forwards: ForwardReader,
  counts: Counts,
): EventReader {
  const seqOf = createIdFinder(database, "events");
  const whole = database.prepare(`SELECT ${EVENT_COLUMNS} FROM events WHERE seq = ?`);
  const summary = database.prepare(`SELECT ${EVENT_SUMMARY_COLUMNS} FROM events WHERE seq = ?`);
  const finder = createKeyFinder(database);

  return {
    list({ limit, cursor, ...filter }) {
      const { keys, next } = finder.page(
        (after, atMost) => selectEvents(filter, "newest first", after, atMost),
        cursor,
        limit,
      );
      const rows = keys.map(({ seq }) => summary.get(seq)).filter((row) => row !== undefined);
      return { events: rows.map(decodeEventSummary), next };
    },
    get(id) {
      const seq = seqOf(id);
      const row = seq === undefined ? undefined : whole.get(seq);
      if (seq === undefined || row === undefined) return undefined;
      return { ...decodeEvent(row), forwards: forwards.ofEvent(seq) };
    },
    timeBehind: (rows, { cursor, ...span } = {}) =>
      finder.timeOf((after) => selectEvents(span, "newest first", after, 1, rows), cursor),
    keysAfter: (filter, after, limit) =>
      finder.find(selectEvents(filter, "oldest first", after, limit)),
    bySeq(seq) {
      const row = whole.get(seq);
      return row === undefined ? undefined : decodeEvent(row);
    },
    counts() {
      const events = counts.of("events");
      return { events: events.get("all") ?? 0, withWarnings: events.get("with warnings") ?? 0 };
    },
  };
}

/** As for deliveries: bytes are compared, and ASCII letters of any case match. */
const TEXT_CONDITION = `(
  instr(CAST(lower(CAST(payload AS TEXT)) AS BLOB), ?) > 0 OR
  instr(CAST(lower(subject) AS BLOB), ?) > 0 OR
  instr(CAST(lower(key) AS BLOB), ?) > 0)`;

/**
 * Writes the query that finds events. Without a text to look for it reads the index alone.
 *
 * @param filter Which events.
 * @param order In which order.
 * @param after Where the page before ended.
 * @param limit How many at most.
 * @param skip So many before them are left out.
 * @returns The query, for the columns `seq`, `at` and `id`.
 */
function selectEvents(
  filter: EventFilter,
  order: "newest first" | "oldest first",
  after: Position | undefined,
  limit: number,
  skip = 0,
): Selection {
  const { endpoint, source, type, subject, since, until, text, withWarnings } = filter;
  const conditions: Condition[] = [];
  if (endpoint !== undefined) conditions.push({ sql: "endpoint = ?", values: [endpoint] });
  if (source !== undefined) conditions.push({ sql: "source = ?", values: [source] });
  if (type !== undefined) conditions.push({ sql: "type = ?", values: [type] });
  if (subject !== undefined) conditions.push({ sql: "subject = ?", values: [subject] });
  if (since !== undefined) conditions.push({ sql: "received_at >= ?", values: [since] });
  if (until !== undefined) conditions.push({ sql: "received_at < ?", values: [until] });
  if (withWarnings !== undefined) {
    conditions.push({ sql: `with_warnings = ${withWarnings ? 1 : 0}`, values: [] });
  }
  if (text !== undefined && text !== "") {
    const sought = new TextEncoder().encode(lowerAscii(text));
    conditions.push({ sql: TEXT_CONDITION, values: [sought, sought, sought] });
  }
  const [from, time] = ["events INDEXED BY events_in_order", "received_at"];
  return writeSelection({ from, time, conditions, order, after, limit, skip });
}

/** The columns of a list, also where `forwards` are joined. */
export const EVENT_SUMMARY_COLUMNS = `events.id, events.delivery_id, events.endpoint,
  events.received_at, events.last_seen_at, events.duplicates, events.erased_at, events.source,
  events.occurred_at, events.candidates, events.warnings, events.payload_bytes,
  ${wholeTexts("events", ["key", "type", "subject"])}`;

/** All columns that make up an event. */
export const EVENT_COLUMNS = `${EVENT_SUMMARY_COLUMNS}, events.payload`;

/** An event on its way into the file. */
export interface EncodedEvent extends ComingEvent {
  readonly id: string;
  readonly warnings: readonly string[];
  /** The values of `EVENT_INSERTED` between the warnings and the payload. */
  readonly values: readonly (string | number | null)[];
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly forwards: readonly ForwardToInsert[];
}

/** The columns of an event that is inserted. */
export const EVENT_INSERTED = [
  ...["seq", "key", "warnings", "id", "delivery_id", "endpoint", "received_at", "last_seen_at"],
  ...["waiting", "source", "type", "subject", "occurred_at", "candidates", "payload_bytes"],
  "payload",
] as const;

/**
 * Turns an event of a delivery into what is inserted.
 *
 * @param delivery The delivery.
 * @param event The event.
 * @returns It, with an id and its forwards.
 */
export function encodeEvent(
  { id: deliveryId, endpoint, receivedAt, answeredAt: createdAt }: Delivery,
  event: EventToRecord,
): EncodedEvent {
  const { key, content, subject, warnings, payload } = event;
  const id = newId();
  const destinations = [...new Set(event.forwardTo)];
  const values = [
    id,
    deliveryId,
    endpoint,
    receivedAt,
    receivedAt,
    destinations.length,
    event.source,
    event.type,
    subject,
    event.occurredAt,
    JSON.stringify(event.candidates),
    payload.byteLength,
  ];
  const forwards = destinations.map((destination) => ({
    id: newId(),
    destination,
    subject,
    createdAt,
  }));
  return { id, key, content, subject, warnings, values, payload, forwards };
}

/**
 * Reads a row of `EVENT_SUMMARY_COLUMNS`.
 *
 * @param row The row.
 * @returns What a list shows of the event.
 */
export function decodeEventSummary(row: Row): EventSummary {
  return {
    ...decodeCommon(row),
    ...decodeHistory(row),
    payloadBytes: integerColumn(row, "payload_bytes"),
  };
}

/**
 * Reads a row of `EVENT_COLUMNS`.
 *
 * @param row The row.
 * @returns The event.
 */
export function decodeEvent(row: Row): KeptEvent {
  return { ...decodeStoredEvent(row), ...decodeHistory(row) };
}

/**
 * Reads a row of `EVENT_COLUMNS` for a worker.
 *
 * @param row The row.
 * @param payload Its payload.
 * @returns The event, as it is forwarded.
 */
export function decodeStoredEvent(
  row: Row,
  payload: Uint8Array<ArrayBuffer> = bytesColumn(row, "payload"),
): StoredEvent {
  return { ...decodeCommon(row), payload };
}

function decodeHistory(row: Row): Pick<KeptEvent, "lastSeenAt" | "erasedAt"> {
  return {
    lastSeenAt: integerColumn(row, "last_seen_at"),
    erasedAt: nullableColumn(row, "erased_at", integerColumn),
  };
}

function decodeCommon(row: Row): Omit<StoredEvent, "payload"> {
  return {
    id: textColumn(row, "id"),
    deliveryId: textColumn(row, "delivery_id"),
    endpoint: textColumn(row, "endpoint"),
    key: nullableColumn(row, "key", textColumn) ?? "",
    receivedAt: integerColumn(row, "received_at"),
    duplicates: integerColumn(row, "duplicates"),
    source: textColumn(row, "source"),
    type: textColumn(row, "type"),
    subject: textColumn(row, "subject"),
    occurredAt: nullableColumn(row, "occurred_at", integerColumn),
    candidates: parseTexts(textColumn(row, "candidates")),
    warnings: parseTexts(textColumn(row, "warnings")),
  };
}
