import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { ForwardDetails, ForwardSummary } from "../../journal/forwards.ts";
import { runShow, type Showing } from "../records/show.ts";
import { forwardFinding } from "./finding.ts";
import { describeForward } from "./page.ts";
import { forwardRecord } from "./record.ts";
import type { RunCommand } from "../terminal/table.ts";

/**
 * Makes `storehook forwards show`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function forwardsShowCommand(kinds: readonly EndpointKind[]): RunCommand {
  const showing: Showing<ForwardSummary, ForwardDetails> = {
    ...forwardFinding,
    kinds,
    get: async (journal, id) => await journal.outbox.get(id),
    page: describeForward,
    record: forwardRecord,
  };
  return (options, terminal) => runShow(showing, options, terminal);
}
