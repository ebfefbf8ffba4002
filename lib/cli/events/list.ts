import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { EventFilter, EventSummary, KeptEvent } from "../../journal/events.ts";
import { type CsvColumns, type Exporting, runExport } from "../records/export.ts";
import { readEventFilter } from "../records/filters.ts";
import { type Listing, runList } from "../records/list.ts";
import type { RunCommand } from "../terminal/table.ts";
import { describeEvents, eventRecord, eventSummaryRecord } from "./look.ts";

/**
 * Makes `storehook events list`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function eventsListCommand(kinds: readonly EndpointKind[]): RunCommand {
  const listing: Listing<EventFilter, EventSummary> = {
    command: "events list",
    kinds,
    readFilter: readEventFilter,
    async page(journal, wanted) {
      const { events, next } = await journal.events.list(wanted);
      return { rows: events, next };
    },
    describe: describeEvents,
    record: (event) => ({ ...eventSummaryRecord(event), payloadBytes: event.payloadBytes }),
    none: "There is no such event.",
  };
  return (options, terminal) => runList(listing, options, terminal);
}

/**
 * Makes `storehook events export`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function eventsExportCommand(kinds: readonly EndpointKind[]): RunCommand {
  const exporting: Exporting<EventFilter, KeptEvent, ReturnType<typeof eventRecord>> = {
    kinds,
    readFilter: readEventFilter,
    rows: (journal, filter) => journal.events.each(filter),
    record: eventRecord,
    columns: CSV_COLUMNS,
    names: ["event", "events"],
  };
  return (options, terminal) => runExport(exporting, options, terminal);
}

const CSV_COLUMNS: CsvColumns<ReturnType<typeof eventRecord>> = [
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
