import { BYTE_ORDER_MARK, type CsvCell, csvRow } from "../../util/csv.ts";
import type { KeptEvent } from "../../journal/events.ts";
import { eventRecord } from "./record.ts";

type Exported = ReturnType<typeof eventRecord>;

/** The columns in their order, each with what stands in it. */
const COLUMNS: readonly (readonly [name: string, cell: (record: Exported) => CsvCell])[] = [
  ["id", ({ id }) => id],
  ["receivedAt", ({ receivedAt }) => receivedAt],
  ["occurredAt", ({ occurredAt }) => occurredAt],
  ["endpoint", ({ endpoint }) => endpoint],
  ["source", ({ source }) => source],
  ["type", ({ type }) => type],
  ["candidates", ({ candidates }) => candidates.join("; ")],
  ["subject", ({ subject }) => subject],
  ["key", ({ key }) => key],
  ["duplicates", ({ duplicates }) => duplicates],
  ["lastSeenAt", ({ lastSeenAt }) => lastSeenAt],
  ["warnings", ({ warnings }) => warnings.join("; ")],
  ["deliveryId", ({ deliveryId }) => deliveryId],
  ["erasedAt", ({ erasedAt }) => erasedAt],
  ["payloadEncoding", ({ payloadEncoding }) => payloadEncoding],
  ["payload", ({ payload }) => payload],
];

/** The start of the CSV: the names of its columns. */
export const EVENT_CSV_HEAD: string = BYTE_ORDER_MARK + csvRow(COLUMNS.map(([name]) => name));

/**
 * Writes an event as a line of CSV, safe against formula injection.
 *
 * @param event The event.
 * @returns The line, in the columns of {@linkcode EVENT_CSV_HEAD}.
 */
export function eventCsvLine(event: KeptEvent): string {
  const record = eventRecord(event);
  return csvRow(COLUMNS.map(([, cell]) => cell(record)));
}
