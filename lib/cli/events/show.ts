import { bold, dim, yellow } from "@std/fmt/colors";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { EventDetails, EventSummary, KeptEvent } from "../../journal/events.ts";
import type { ForwardDetails } from "../../journal/forwards.ts";
import { describeAttempts, describeState } from "../forwards/show.ts";
import { forwardRecord } from "../forwards/look.ts";
import { describeContent, describeFacts, type Fact } from "../records/layout.ts";
import { runShow, type Showing } from "../records/show.ts";
import { formatCount, printable } from "../terminal/format.ts";
import type { RunCommand } from "../terminal/table.ts";
import { formatExactTimestamp } from "../terminal/timestamp.ts";
import { describeEvents, eventRecord, nameOfType } from "./look.ts";

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
