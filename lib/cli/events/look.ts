import { dim, yellow } from "@std/fmt/colors";
import type { EventSummary, KeptEvent } from "../../journal/events.ts";
import { type Column, contentOf, describeColumns, isoOrNull } from "../records/layout.ts";
import { formatCount } from "../terminal/format.ts";
import { formatTimestamp } from "../terminal/timestamp.ts";

const COLUMNS: readonly Column<EventSummary>[] = [
  { head: "TIME", cell: ({ receivedAt }) => formatTimestamp(receivedAt) },
  { head: "ID", cell: ({ id }) => id, paint: () => dim },
  { head: "TYPE", cell: nameOfType },
  { head: "SUBJECT", cell: ({ subject }) => subject || "-" },
  { head: "ENDPOINT", cell: ({ endpoint }) => endpoint },
  { head: "BYTES", cell: ({ payloadBytes }) => String(payloadBytes), isNumber: true },
  { head: "NOTE", cell: noteOf, paint: () => yellow },
];

/**
 * Shows events in aligned columns, in colour when colours are on.
 *
 * @param events The events.
 * @param width How wide the terminal is; `undefined` where it is none.
 * @returns The heads of the columns and a text for each event.
 */
export function describeEvents(events: readonly EventSummary[], width?: number): string[] {
  return describeColumns(COLUMNS, events, width);
}

/**
 * Names the type of an event.
 *
 * @param event The event.
 * @returns Its type, else those it may have.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { nameOfType } from "./look.ts";
 *
 * assertEquals(nameOfType({ type: "cart.created", candidates: [] }), "cart.created");
 * assertEquals(nameOfType({ type: "", candidates: ["cart.created"] }), "? cart.created");
 * assertEquals(nameOfType({ type: "", candidates: [] }), "?");
 * ```
 */
export function nameOfType({ type, candidates }: Pick<EventSummary, "type" | "candidates">) {
  return type || ["?", candidates.join(", ")].filter((text) => text !== "").join(" ");
}

function noteOf({ warnings, duplicates, erasedAt }: EventSummary): string {
  return [
    ...(warnings.length === 0 ? [] : [formatCount(warnings.length, "warning")]),
    ...(duplicates === 0 ? [] : [`came ${formatCount(duplicates + 1)} times`]),
    ...(erasedAt === null ? [] : ["erased"]),
  ].join(", ");
}

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
