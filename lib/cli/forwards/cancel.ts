import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { type Change, runChange } from "./change.ts";
import type { RunCommand } from "../terminal/table.ts";

/**
 * Makes `storehook forwards cancel`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function forwardsCancelCommand(kinds: readonly EndpointKind[]): RunCommand {
  const change: Change = {
    kinds,
    make: (journal, selection) => journal.outbox.cancel(selection),
    done: "cancelled",
  };
  return (options, terminal) => runChange(change, options, terminal);
}
