import * as z from "zod/mini";
import type { SQLInputValue } from "node:sqlite";
import type { StoredEvent } from "../../../forward/outbox.ts";
import type { Delivery } from "../../delivery.ts";
import { newDeliveryId as newId } from "../../delivery_id.ts";
import type { EventSummary, EventToRecord, KeptEvent } from "../../events.ts";
import { bytes, integer, nullable, type Row, text } from "../columns.ts";
import type { ForwardToInsert } from "../forwards/forward_row.ts";

const textsSchema = z.array(z.string());

/** The columns of a list, also where `forwards` are joined. */
export const EVENT_SUMMARY_COLUMNS = `events.id, events.delivery_id, events.endpoint, events.key,
  events.received_at, events.last_seen_at, events.duplicates, events.erased_at, events.source,
  events.type, events.subject, events.occurred_at, events.candidates, events.warnings,
  events.payload_bytes`;

/** All columns that make up an event. */
export const EVENT_COLUMNS = `${EVENT_SUMMARY_COLUMNS}, events.payload`;

/** An event on its way into the file. */
export interface EncodedEvent {
  readonly endpoint: string;
  readonly key: string;
  readonly receivedAt: number;
  /** What `INSERT_EVENT` takes. */
  readonly values: readonly SQLInputValue[];
  readonly forwards: readonly ForwardToInsert[];
}

/** Inserts one event; one that is there already is counted instead. */
export const INSERT_EVENT = `
  INSERT INTO events (id, delivery_id, endpoint, key, received_at, last_seen_at, waiting, source,
    type, subject, occurred_at, candidates, warnings, payload_bytes, payload)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (endpoint, key) DO UPDATE SET
    duplicates = duplicates + 1,
    last_seen_at = max(last_seen_at, excluded.last_seen_at)
  RETURNING seq, duplicates`;

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
    const { key, subject } = event;
    const destinations = [...new Set(event.forwardTo)];
    const values = [
      newId(),
      deliveryId,
      endpoint,
      key,
      receivedAt,
      receivedAt,
      destinations.length,
      event.source,
      event.type,
      subject,
      event.occurredAt,
      JSON.stringify(event.candidates),
      JSON.stringify(event.warnings),
      event.payload.byteLength,
      event.payload,
    ];
    const forwards = destinations.map((destination) => ({
      id: newId(),
      destination,
      subject,
      createdAt,
    }));
    return { endpoint, key, receivedAt, values, forwards };
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
    key: nullable(row, "key", text) ?? "",
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
