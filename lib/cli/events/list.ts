import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { EventFilter, EventSummary } from "../../journal/events.ts";
import type { Command } from "../terminal/command.ts";
import { LIST_HELP, type Listing, runList } from "../records/paging.ts";
import { EVENT_HELP, EVENT_OPTIONS, readEventFilter } from "./filter_options.ts";
import { eventSummaryRecord } from "./record.ts";
import { describeEvents } from "./table.ts";

/**
 * Makes `storehook events list`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function eventsListCommand(kinds: readonly EndpointKind[]): Command {
  const listing: Listing<EventFilter, EventSummary> = {
    command: "events list",
    kinds,
    options: EVENT_OPTIONS,
    readFilter: readEventFilter,
    page(journal, wanted) {
      const { events, next } = journal.events.list(wanted);
      return { rows: events, next };
    },
    describe: describeEvents,
    record: (event) => ({ ...eventSummaryRecord(event), payloadBytes: event.payloadBytes }),
    none: "There is no such event.",
  };
  return {
    name: "events list",
    summary: "the events that came in, newest first",
    help: `Usage: storehook events list [options]

Lists the events of the journal, newest first. Works beside a running server.

Options:
${EVENT_HELP}${LIST_HELP}
Examples:
  storehook events list --type cart.created --since 2h
  storehook events list --source emporix --warnings
  storehook events list --text ann@example.com --json

Exit codes: 0 fine, 1 the journal can't be read, 2 wrong usage or config
`,
    run: (args, terminal) => runList(listing, args, terminal),
  };
}
