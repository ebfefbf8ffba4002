import type { EventSummary, KeptEvent } from "../../journal/events.ts";
import { contentOf, isoOrNull } from "./records.ts";

/**
 * Turns an event into what machines read of a list: times in ISO 8601, in UTC.
 *
 * @param event The event.
 * @returns An object to be written as JSON.
 */
export function eventSummaryRecord(event: Omit<EventSummary, "payloadBytes">) {
  return {
    id: event.id,
    receivedAt: isoOrNull(event.receivedAt),
    occurredAt: isoOrNull(event.occurredAt),
    endpoint: event.endpoint,
    source: event.source,
    type: event.type,
    candidates: event.candidates,
    subject: event.subject,
    key: event.key,
    duplicates: event.duplicates,
    lastSeenAt: isoOrNull(event.lastSeenAt),
    warnings: event.warnings,
    deliveryId: event.deliveryId,
    erasedAt: isoOrNull(event.erasedAt),
  };
}

/**
 * Turns an event into what machines read of it. The payload is text when it is UTF-8, else Base64:
 * `payloadEncoding` tells which.
 *
 * @param event The event.
 * @returns An object to be written as JSON.
 */
export function eventRecord(event: KeptEvent) {
  const { text, encoding } = contentOf(event.payload);
  return { ...eventSummaryRecord(event), payload: text, payloadEncoding: encoding };
}
