import type { StoredEvent } from "../../forward/outbox.ts";
import { hash } from "../../util/hash.ts";
import { type Delivery, newDeliveryId as newId } from "../delivery.ts";
import type { Position } from "../delivery_filter.ts";
import type {
  EventFilter,
  EventListOptions,
  EventPage,
  EventSummary,
  EventToRecord,
  KeptEvent,
} from "../events.ts";
import type { ComingEvent } from "../repeats.ts";
import { parseTexts } from "../stored_texts.ts";
import type { Query } from "./connection.ts";
import { WAITING_OVERHEAD_BYTES } from "../forwards.ts";
import { bytesColumn, integerColumn, nullableColumn } from "../columns.ts";
import { bigints, bytes, integers, type ListedColumns, texts } from "./insert_lists.ts";
import { listPage, readMeant } from "./pages.ts";
import { type PostgresRow, type SqlCondition, storedText, textOf } from "./rows.ts";
import { holdsText, sqlOfText } from "./text_search.ts";

/** A forward on its way into the database. */
export interface ForwardOfNewEvent {
  readonly id: string;
  readonly destination: string;
  /** A hash of its event's subject: what has the same one can be kept in order. */
  readonly subjectKey: string;
  /** In milliseconds since the epoch; it is due from then on. */
  readonly createdAt: number;
  /** What it takes while it waits, roughly. */
  readonly bytes: number;
}

/** An event on its way into the database. */
export interface EventToInsert extends ComingEvent {
  readonly id: string;
  /**
   * By what it may be known: its subject, or the sender's id. Transactions with the same name of the
   * same endpoint come one after the other.
   */
  readonly name: string;
  readonly warnings: readonly string[];
  readonly row: EventRow;
  readonly payloadBytes: number;
  readonly forwards: readonly ForwardOfNewEvent[];
}

/** What of an event is in its row beside the warnings; its texts are as `storedText()` gives them. */
interface EventRow {
  readonly deliveryId: string;
  readonly endpoint: string;
  readonly key: string;
  readonly receivedAt: number;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly occurredAt: number | null;
  readonly candidates: string;
  readonly payload: Uint8Array;
}

/** An event that is kept, with the warnings that it has by now. */
export interface EventToKeep {
  readonly event: EventToInsert;
  readonly warnings: readonly string[];
}

/** What an event brings. */
export const INSERTED_EVENT_COLUMNS: ListedColumns<EventToKeep> = {
  id: texts(({ event }) => event.id),
  delivery_id: texts(({ event }) => event.row.deliveryId),
  endpoint: texts(({ event }) => event.row.endpoint),
  key: texts(({ event }) => event.row.key),
  received_at: bigints(({ event }) => event.row.receivedAt),
  last_seen_at: bigints(({ event }) => event.row.receivedAt),
  waiting: integers(({ event }) => event.forwards.length),
  source: texts(({ event }) => event.row.source),
  type: texts(({ event }) => event.row.type),
  subject: texts(({ event }) => event.row.subject),
  occurred_at: bigints(({ event }) => event.row.occurredAt),
  candidates: texts(({ event }) => event.row.candidates),
  warnings: texts(({ warnings }) => storedText(JSON.stringify(warnings))),
  payload_bytes: bigints(({ event }) => event.payloadBytes),
  payload: bytes(({ event }) => event.row.payload),
};

/**
 * Shortens a name that strangers choose to what an index takes.
 *
 * @param name The name.
 * @returns A hash of it.
 */
export function digestOf(name: string): string {
  return hash("sha256", name).subarray(0, 16).toHex();
}

/**
 * Turns the events of a delivery into what is inserted.
 *
 * @param delivery The delivery.
 * @param events Its events; their bytes are copied.
 * @returns The events, each with an id and its forwards.
 */
export function eventsToInsert(
  { id: deliveryId, endpoint, receivedAt, answeredAt: createdAt }: Delivery,
  events: readonly EventToRecord[],
): readonly EventToInsert[] {
  return events.map((event) => {
    const { key, content, subject, warnings } = event;
    const id = newId();
    const destinations = [...new Set(event.forwardTo)];
    const subjectKey = digestOf(subject);
    const payloadBytes = event.payload.byteLength;
    const row = {
      deliveryId: storedText(deliveryId),
      endpoint: storedText(endpoint),
      key: storedText(key),
      receivedAt,
      source: storedText(event.source),
      type: storedText(event.type),
      subject: storedText(subject),
      occurredAt: event.occurredAt,
      candidates: storedText(JSON.stringify(event.candidates)),
      payload: event.payload.slice(),
    };
    const size = WAITING_OVERHEAD_BYTES + payloadBytes;
    const forwards = destinations.map((destination) => ({
      id: newId(),
      destination,
      subjectKey,
      createdAt,
      bytes: size,
    }));
    const name = content === undefined ? `s${subjectKey}` : `k${digestOf(key)}`;
    return { id, key, content, subject, name, warnings, row, payloadBytes, forwards };
  });
}

/** The columns of a list, also where `forwards` are joined. */
export const LISTED_EVENT_COLUMNS = `events.id AS event_id, events.delivery_id, events.endpoint,
  events.key, events.received_at, events.last_seen_at, events.duplicates, events.erased_at,
  events.source, events.type, events.subject, events.occurred_at, events.candidates,
  events.warnings, events.payload_bytes`;

/** All columns that make up an event. */
export const STORED_EVENT_COLUMNS = `${LISTED_EVENT_COLUMNS}, events.payload`;

/** Events, and by which columns they are in order. */
export const EVENTS_IN_ORDER = { from: "events", time: "received_at", id: "id" } as const;

/**
 * Lists events, newest first.
 *
 * @param query Runs a statement.
 * @param options Which part of which events.
 * @returns The page.
 * @throws {SyntaxError} When the cursor is not one.
 */
export async function listEvents(
  query: Query,
  { limit, cursor, ...filter }: EventListOptions,
): Promise<EventPage> {
  const columns = filter.text ? STORED_EVENT_COLUMNS : LISTED_EVENT_COLUMNS;
  const read = (after: Position | undefined, most: number) =>
    readEvents(query, filter, columns, "newest first", after, most);
  const { rows, next } = await listPage(cursor, limit, read, placeOf);
  return { events: rows.map(readEventSummary), next };
}

/** Reads the next events, oldest first. */
export async function eventsAfter(
  query: Query,
  filter: EventFilter,
  after: Position | undefined,
  limit: number,
): Promise<readonly KeptEvent[]> {
  const rows = await readEvents(query, filter, STORED_EVENT_COLUMNS, "oldest first", after, limit);
  return rows.map(readKeptEvent);
}

async function readEvents(
  query: Query,
  filter: EventFilter,
  columns: string,
  order: "newest first" | "oldest first",
  after: Position | undefined,
  limit: number,
): Promise<readonly PostgresRow[]> {
  const where = { ...EVENTS_IN_ORDER, conditions: conditionsOf(filter) };
  const parts = { ...where, columns, order, after, limit };
  return await readMeant(query, parts, (row) => isMeant(row, filter), placeOf);
}

function isMeant(row: PostgresRow, { text }: EventFilter): boolean {
  if (text === undefined || text === "") return true;
  const key = nullableColumn(row, "key", textOf) ?? "";
  return holdsText(text, [bytesColumn(row, "payload"), textOf(row, "subject"), key]);
}

function conditionsOf(filter: EventFilter): SqlCondition[] {
  const { endpoint, source, type, subject, since, until, text, withWarnings } = filter;
  const conditions: SqlCondition[] = [];
  const add = (sql: string, ...values: unknown[]) => conditions.push({ sql, values });
  if (endpoint !== undefined) add("endpoint = ?", storedText(endpoint));
  if (source !== undefined) add("source = ?", storedText(source));
  if (type !== undefined) add("type = ?", storedText(type));
  if (subject !== undefined) add("subject = ?", storedText(subject));
  const addIndexed = (sql: string, ...values: unknown[]) =>
    conditions.push({ sql, values, isIndexed: true });
  if (since !== undefined) addIndexed("received_at >= ?", since);
  if (until !== undefined) addIndexed("received_at < ?", until);
  if (withWarnings === true) addIndexed("warnings <> '[]'");
  if (withWarnings === false) add("warnings = '[]'");
  if (text !== undefined && text !== "") {
    conditions.push(
      sqlOfText(text, { bytes: ["payload"], texts: ["subject", "coalesce(key, '')"] }),
    );
  }
  return conditions;
}

function placeOf(row: PostgresRow): Position {
  return { receivedAt: integerColumn(row, "received_at"), id: textOf(row, "event_id") };
}

/** Reads a row of `LISTED_EVENT_COLUMNS`. */
export function readEventSummary(row: PostgresRow): EventSummary {
  return {
    ...decodeCommon(row),
    ...decodeHistory(row),
    payloadBytes: integerColumn(row, "payload_bytes"),
  };
}

/** Reads a row of `STORED_EVENT_COLUMNS`. */
export function readKeptEvent(row: PostgresRow): KeptEvent {
  return { ...readStoredEvent(row), ...decodeHistory(row) };
}

/** Reads a row of `STORED_EVENT_COLUMNS` for a worker. */
export function readStoredEvent(row: PostgresRow): StoredEvent {
  return { ...decodeCommon(row), payload: bytesColumn(row, "payload") };
}

function decodeHistory(row: PostgresRow): Pick<KeptEvent, "lastSeenAt" | "erasedAt"> {
  return {
    lastSeenAt: integerColumn(row, "last_seen_at"),
    erasedAt: nullableColumn(row, "erased_at", integerColumn),
  };
}

function decodeCommon(row: PostgresRow): Omit<StoredEvent, "payload"> {
  return {
    id: textOf(row, "event_id"),
    deliveryId: textOf(row, "delivery_id"),
    endpoint: textOf(row, "endpoint"),
    key: nullableColumn(row, "key", textOf) ?? "",
    receivedAt: integerColumn(row, "received_at"),
    duplicates: integerColumn(row, "duplicates"),
    source: textOf(row, "source"),
    type: textOf(row, "type"),
    subject: textOf(row, "subject"),
    occurredAt: nullableColumn(row, "occurred_at", integerColumn),
    candidates: parseTexts(textOf(row, "candidates")),
    warnings: parseTexts(textOf(row, "warnings")),
  };
}
