import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { EventDetails, EventSummary } from "../../journal/events.ts";
import type { ForwardDetails } from "../../journal/forwards.ts";
import { runShow, type Showing } from "../records/show.ts";
import { forwardRecord } from "../forwards/record.ts";
import { describeEvent } from "./page.ts";
import { eventRecord } from "./record.ts";
import { describeEvents } from "./table.ts";
import type { RunCommand } from "../terminal/table.ts";

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
    readPage: (journal) => (part) => {
      const { events, next } = journal.events.list(part);
      return { rows: events, next };
    },
    describe: describeEvents,
    get(journal, id) {
      const event = journal.events.get(id);
      if (event === undefined) return undefined;
      // Retention may have removed one meanwhile.
      const forwards = event.forwards.flatMap((forward) => journal.outbox.get(forward.id) ?? []);
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
