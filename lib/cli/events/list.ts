import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { EventFilter, EventSummary } from "../../journal/events.ts";
import { type Listing, runList } from "../records/paging.ts";
import { readEventFilter } from "./filter_options.ts";
import { eventSummaryRecord } from "./record.ts";
import { describeEvents } from "./table.ts";
import type { RunCommand } from "../terminal/table.ts";

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
