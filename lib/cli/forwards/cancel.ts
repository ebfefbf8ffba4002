import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { Command } from "../terminal/command.ts";
import { BEGINNING_FORM } from "../records/beginning.ts";
import { type Change, runChange } from "./change.ts";
import { FORWARD_HELP } from "./filter_options.ts";

/**
 * Makes `storehook forwards cancel`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function forwardsCancelCommand(kinds: readonly EndpointKind[]): Command {
  const change: Change = {
    kinds,
    states: ["waiting", "failed"],
    make: (journal, selection) => journal.outbox.cancel(selection),
    done: "cancelled",
  };
  return {
    name: "forwards cancel",
    summary: "calls off what waits or failed",
    help: `Usage: storehook forwards cancel (ID… | --destination D [options])

Calls off forwards that wait or failed: they are not tried any more, and stay in the journal. An
attempt that a running server has begun comes to its end. "storehook forwards retry" takes it back.

ID is a forward's id or ${BEGINNING_FORM}.

Options:
  --state S         only in this state: waiting, failed (default: both)
${FORWARD_HELP}  --config FILE     the config, found as "serve" finds it

Examples:
  storehook forwards cancel 0198fc2e-4a8b-72ae-a1e9-811f696b0a2d
  storehook forwards cancel --destination erp --until 2026-07-01

Exit codes: 0 fine, 1 there is nothing to cancel or the journal can't be written, 2 wrong usage or
config
`,
    run: (args, terminal) => runChange(change, args, terminal),
  };
}
