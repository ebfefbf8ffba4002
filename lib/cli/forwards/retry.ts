import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { type Change, runChange } from "./change.ts";
import { freeSelected } from "./free_selected.ts";
import type { RunCommand } from "../terminal/table.ts";

/**
 * Makes `storehook forwards retry`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function forwardsRetryCommand(kinds: readonly EndpointKind[]): RunCommand {
  const change: Change = {
    kinds,
    state: "failed",
    make: (journal, selection) => journal.outbox.retry(selection),
    done: "due now",
    follow: freeSelected,
  };
  return (options, terminal) => runChange(change, options, terminal);
}
