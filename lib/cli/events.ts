import { bold, dim, yellow } from "@std/fmt/colors";
import type { EndpointKind } from "../config/endpoints/endpoint_kind.ts";
import { eventRecord, eventSummaryRecord } from "../console/queries/events.ts";
import { forwardRecord } from "../console/queries/forwards.ts";
import { nameOfType } from "../console/queries/records.ts";
import type { EventDetails, EventFilter, EventSummary, KeptEvent } from "../journal/events.ts";
import type { ForwardDetails } from "../journal/forwards.ts";
import { describeAttempts, describeState } from "./forwards/forwards.ts";
import { type CsvColumns, type Exporting, runExport } from "./records/export.ts";
import { type Listing, readEventFilter, runList } from "./records/list.ts";
import {
  type Column,
  describeColumns,
  describeContent,
  describeFacts,
  type Fact,
} from "./records/layout.ts";
import { runShow, type Showing } from "./records/show.ts";
import { formatCount, printable } from "./terminal/format.ts";
import type { RunCommand } from "./terminal/table.ts";
import { formatExactTimestamp, formatTimestamp } from "../util/timestamp.ts";

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

interface Shown {
  readonly event: EventDetails;
  readonly forwards: readonly ForwardDetails[];
}

/**
 * Makes `storehook events show`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function eventsShowCommand(kinds: readonly EndpointKind[]): RunCommand {
  const showing: Showing<EventSummary, Shown> = {
    kinds,
    name: "event",
    readPage: (journal) => async (part) => {
      const { events, next } = await journal.events.list(part);
      return { rows: events, next };
    },
    describe: describeEvents,
    async get(journal, id) {
      const event = await journal.events.get(id);
      if (event === undefined) return undefined;
      const forwards: ForwardDetails[] = [];
      for (const { id } of event.forwards) {
        const forward = await journal.outbox.get(id);
        // Retention may have removed it meanwhile.
        if (forward !== undefined) forwards.push(forward);
      }
      return { event, forwards };
    },
    page: ({ event, forwards }) => describeEvent(event, forwards),
    record: ({ event, forwards }) => ({
      ...eventRecord(event),
      forwards: forwards.map(forwardRecord),
    }),
  };
  return (options, terminal) => runShow(showing, options, terminal);
}

/**
 * Shows all of an event, and what became of it. In colour when colours are on.
 *
 * @param event The event.
 * @param forwards Its forwards.
 * @returns Lines.
 */
function describeEvent(event: KeptEvent, forwards: readonly ForwardDetails[]): string[] {
  const { id, warnings, payload } = event;
  return [
    bold(`Event ${id}`),
    ...describeFacts(factsOf(event)),
    ...(warnings.length === 0 ? [] : [
      "",
      bold("Warnings"),
      ...warnings.map((warning) => yellow(`  ${printable(warning)}`)),
    ]),
    "",
    `${bold("Payload")} (${formatCount(payload.length, "byte")})`,
    ...describeContent(payload),
    "",
    bold("Forwards"),
    ...(forwards.length === 0
      ? ["  none: no destination of its endpoint wanted it"]
      : forwards.flatMap(describeForward)),
  ];
}

function factsOf(event: KeptEvent): readonly Fact[] {
  const { subject, occurredAt, duplicates, lastSeenAt, erasedAt } = event;
  return [
    ["type", printable(nameOfType(event))],
    ["subject", printable(subject) || "-"],
    ["source", `${printable(event.source)}, by ${printable(event.endpoint)}`],
    ["received", formatExactTimestamp(event.receivedAt)],
    ["happened", occurredAt === null ? "not said" : formatExactTimestamp(occurredAt)],
    ["came again", duplicates === 0 ? "no" : cameAgain(duplicates, lastSeenAt)],
    ["key", printable(event.key)],
    ["delivery", event.deliveryId],
    ...(erasedAt === null ? [] : [["erased", formatExactTimestamp(erasedAt)] as const]),
  ];
}

function cameAgain(duplicates: number, lastSeenAt: number): string {
  const times = formatCount(duplicates, "time");
  return `${times}, at last ${formatExactTimestamp(lastSeenAt)}; kept and forwarded once`;
}

function describeForward(forward: ForwardDetails): string[] {
  const name = printable(forward.destination);
  return [
    `  ${name}: ${describeState(forward)}  ${dim(forward.id)}`,
    ...describeAttempts(forward.history).map((line) => `  ${line}`),
  ];
}

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
function describeEvents(events: readonly EventSummary[], width?: number): string[] {
  return describeColumns(COLUMNS, events, width);
}

function noteOf({ warnings, duplicates, erasedAt }: EventSummary): string {
  return [
    ...(warnings.length === 0 ? [] : [formatCount(warnings.length, "warning")]),
    ...(duplicates === 0 ? [] : [`came ${formatCount(duplicates + 1)} times`]),
    ...(erasedAt === null ? [] : ["erased"]),
  ].join(", ");
}
