import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { EventDetails, EventSummary } from "../../journal/events.ts";
import type { ForwardDetails } from "../../journal/forwards.ts";
import type { Command } from "../terminal/command.ts";
import { BEGINNING_FORM } from "../records/beginning.ts";
import { runShow, type Showing } from "../records/show.ts";
import { forwardRecord } from "../forwards/record.ts";
import { describeEvent } from "./page.ts";
import { eventRecord } from "./record.ts";
import { describeEvents } from "./table.ts";

interface Shown {
  readonly event: EventDetails;
  readonly forwards: readonly ForwardDetails[];
}

/**
 * Makes `storehook events show`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function eventsShowCommand(kinds: readonly EndpointKind[]): Command {
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
  return {
    name: "events show",
    summary: "one event: what came, and what became of it",
    help: `Usage: storehook events show ID [--config FILE] [--json]

Shows all that the journal holds of an event: where it came from, what did not fit the vendor's
description, how often it came again, its payload, and each of its forwards with its attempts. Works
beside a running server.

ID is the event's id or ${BEGINNING_FORM}.

Options:
  --config FILE   the config, found as "serve" finds it
  --json          as one line of JSON

Exit codes: 0 fine, 1 there is no such event or the journal can't be read, 2 wrong usage or config
`,
    run: (args, terminal) => runShow(showing, args, terminal),
  };
}
