import * as z from "zod/mini";
import type { SQLInputValue } from "node:sqlite";
import type { StoredEvent } from "../../../forward/outbox.ts";
import type { Delivery } from "../../delivery.ts";
import { newDeliveryId as newId } from "../../delivery_id.ts";
import type { EventSummary, EventToRecord, KeptEvent } from "../../events.ts";
import type { ComingEvent } from "../../repeats.ts";
import { bytes, integer, nullable, type Row, text, wholeTexts } from "../columns.ts";
import type { ForwardToInsert } from "../forwards/forward_row.ts";

const textsSchema = z.array(z.string());

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
  /** What `INSERT_EVENT` takes behind the key and the warnings. */
  readonly values: readonly SQLInputValue[];
  readonly forwards: readonly ForwardToInsert[];
}

/** Inserts one event, unless its key stands there; see `furtherKey()`. */
export const INSERT_EVENT = `
  INSERT INTO events (key, warnings, id, delivery_id, endpoint, received_at, last_seen_at, waiting,
    source, type, subject, occurred_at, candidates, payload_bytes, payload)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (endpoint, key) DO NOTHING
  RETURNING seq`;

/** Stands in no key. */
const KEY_END = "\n";

/** The key of an event as it is given out, where a column holds it. */
export const PLAIN_KEY = "substr(key, 1, instr(key || char(10), char(10)) - 1)";

/**
 * Writes a key that stands in the file already for another event: an index, which older files have
 * too, lets each text stand there once.
 *
 * @param event The other event.
 * @returns What is stored; readers see the key alone.
 */
export function furtherKey({ key, id }: EncodedEvent): string {
  return `${key}${KEY_END}${id}`;
}

/**
 * Turns the events of a delivery into what is inserted.
 *
 * @param delivery The delivery.
 * @param events Its events.
 * @returns The events, each with an id and its forwards.
 */
export function encodeEvents(
  delivery: Delivery,
  events: readonly EventToRecord[],
): readonly EncodedEvent[] {
  const { id: deliveryId, endpoint, receivedAt, answeredAt: createdAt } = delivery;
  return events.map((event) => {
    const { key, content, subject, warnings } = event;
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
      event.payload.byteLength,
      event.payload,
    ];
    const forwards = destinations.map((destination) => ({
      id: newId(),
      destination,
      subject,
      createdAt,
    }));
    return { id, key, content, subject, warnings, values, forwards };
  });
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
    payloadBytes: integer(row, "payload_bytes"),
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
 * @returns The event, as it is forwarded.
 */
export function decodeStoredEvent(row: Row): StoredEvent {
  return { ...decodeCommon(row), payload: bytes(row, "payload") };
}

function decodeHistory(row: Row): Pick<KeptEvent, "lastSeenAt" | "erasedAt"> {
  return {
    lastSeenAt: integer(row, "last_seen_at"),
    erasedAt: nullable(row, "erased_at", integer),
  };
}

function decodeCommon(row: Row): Omit<StoredEvent, "payload"> {
  return {
    id: text(row, "id"),
    deliveryId: text(row, "delivery_id"),
    endpoint: text(row, "endpoint"),
    key: nullable(row, "key", text)?.split(KEY_END, 1)[0] ?? "",
    receivedAt: integer(row, "received_at"),
    duplicates: integer(row, "duplicates"),
    source: text(row, "source"),
    type: text(row, "type"),
    subject: text(row, "subject"),
    occurredAt: nullable(row, "occurred_at", integer),
    candidates: textsSchema.parse(JSON.parse(text(row, "candidates"))),
    warnings: textsSchema.parse(JSON.parse(text(row, "warnings"))),
  };
}
