import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { ForwardDetails, ForwardSummary } from "../../journal/forwards.ts";
import type { Command } from "../terminal/command.ts";
import { BEGINNING_FORM } from "../records/beginning.ts";
import { runShow, type Showing } from "../records/show.ts";
import { forwardFinding } from "./finding.ts";
import { describeForward } from "./page.ts";
import { forwardRecord } from "./record.ts";

/**
 * Makes `storehook forwards show`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function forwardsShowCommand(kinds: readonly EndpointKind[]): Command {
  const showing: Showing<ForwardSummary, ForwardDetails> = {
    ...forwardFinding,
    kinds,
    get: (journal, id) => journal.outbox.get(id),
    page: describeForward,
    record: forwardRecord,
  };
  return {
    name: "forwards show",
    summary: "one forward with its attempts",
    help: `Usage: storehook forwards show ID [--config FILE] [--json]

Shows where a forward stands, when it is tried next, and what came of each attempt. Works beside a
running server.

ID is the forward's id or ${BEGINNING_FORM}.

Options:
  --config FILE   the config, found as "serve" finds it
  --json          as one line of JSON

Exit codes: 0 fine, 1 there is no such forward or the journal can't be read, 2 wrong usage or config
`,
    run: (args, terminal) => runShow(showing, args, terminal),
  };
}
