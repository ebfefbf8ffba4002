import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { DeliverySummary } from "../../journal/delivery.ts";
import type { DeliveryFilter } from "../../journal/filter.ts";
import type { Command } from "../terminal/command.ts";
import { LIST_HELP, type Listing, runList } from "../records/paging.ts";
import { FILTER_HELP, FILTER_OPTIONS, readFilter } from "./filter_options.ts";
import { summaryRecord } from "./record.ts";
import { describeTable } from "./table.ts";

/**
 * Makes `storehook deliveries list`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function deliveriesListCommand(kinds: readonly EndpointKind[]): Command {
  const listing: Listing<DeliveryFilter, DeliverySummary> = {
    command: "deliveries list",
    kinds,
    options: FILTER_OPTIONS,
    readFilter,
    page(journal, wanted) {
      const { deliveries, next } = journal.list(wanted);
      return { rows: deliveries, next };
    },
    describe: describeTable,
    record: summaryRecord,
    none: "There is no such delivery.",
  };
  return {
    name: "deliveries list",
    summary: "what was received and answered, newest first",
    help: `Usage: storehook deliveries list [options]

Lists the deliveries of the journal, newest first. Works beside a running server.

Options:
${FILTER_HELP}${LIST_HELP}
Examples:
  storehook deliveries list --status 4xx --since 2h
  storehook deliveries list --text 28604 --json

Exit codes: 0 fine, 1 the journal can't be read, 2 wrong usage or config
`,
    run: (args, terminal) => runList(listing, args, terminal),
  };
}
