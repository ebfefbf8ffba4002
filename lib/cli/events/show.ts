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
