import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { Command } from "../terminal/command.ts";
import { BEGINNING_FORM } from "../records/beginning.ts";
import { type Change, runChange } from "./change.ts";
import { freeSelected } from "./free_selected.ts";
import { FORWARD_HELP } from "./filter_options.ts";

/**
 * Makes `storehook forwards retry`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function forwardsRetryCommand(kinds: readonly EndpointKind[]): Command {
  const change: Change = {
    kinds,
    states: ["failed", "cancelled", "waiting"],
    state: "failed",
    make: (journal, selection) => journal.outbox.retry(selection),
    done: "due now",
    follow: freeSelected,
  };
  return {
    name: "forwards retry",
    summary: "sends again what failed, was cancelled or waits",
    help: `Usage: storehook forwards retry (ID… | --destination D [options])

Makes forwards due at once. A running server takes them up within ten seconds; without one they are
made when it starts. Each begins its destination's schedule of attempts anew. What was delivered is
not sent again ("storehook forwards resend" does that), and what was erased can't be.

It ends the rest of a destination that asked for one by Retry-After. With --destination it also
enables a destination that was disabled, so that what waits for it goes there too.

ID is a forward's id or ${BEGINNING_FORM}.

Options:
  --state S         only in this state: failed (the default), cancelled, waiting
${FORWARD_HELP}  --config FILE     the config, found as "serve" finds it

Examples:
  storehook forwards retry 0198fc2e-4a8b-72ae-a1e9-811f696b0a2d
  storehook forwards retry --destination erp --since 3d

Exit codes: 0 fine, 1 there is nothing to retry or to enable or the journal can't be written, 2 wrong
usage or config
`,
    run: (args, terminal) => runChange(change, args, terminal),
  };
}
