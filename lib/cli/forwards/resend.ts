import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { deliveredBefore, type ForwardSelection, isIds } from "../../journal/forwards.ts";
import type { Journal } from "../../journal/journal.ts";
import type { Terminal } from "../terminal/command.ts";
import { formatCount } from "../terminal/format_count.ts";
import { type Change, runChange } from "./change.ts";
import type { RunCommand } from "../terminal/table.ts";

/**
 * Makes `storehook forwards resend`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function forwardsResendCommand(kinds: readonly EndpointKind[]): RunCommand {
  const change: Change = {
    kinds,
    state: "delivered",
    before: (journal, selection, options, terminal) =>
      options.flag("yes") || isIds(selection) || isWanted(journal, selection, terminal),
    make: (journal, selection) => journal.outbox.resend(selection),
    done: "sent again: due now",
    follow: (journal, selection) => Promise.resolve(explainRest(journal, selection)),
  };
  return (options, terminal) => runChange(change, options, terminal);
}

/** Asks whether so many are meant; `false` when they are not, or nobody is there to be asked. */
function isWanted(
  { outbox }: Journal,
  selection: Exclude<ForwardSelection, readonly string[]>,
  terminal: Terminal,
): boolean {
  const meant = deliveredBefore(selection, Date.now());
  const count = isIds(meant) ? meant.length : outbox.count(meant);
  if (count === 0) return true;
  const what = formatCount(count, "delivered forward");
  if (terminal.confirm === undefined) {
    terminal.err(`This would send again ${what}. To do it, add --yes\n`);
    return false;
  }
  if (terminal.confirm(`Send again ${what}?`)) return true;
  terminal.err("Nothing was changed\n");
  return false;
}

/** An id of what was not delivered is for another command. */
function explainRest({ outbox }: Journal, selection: ForwardSelection) {
  const others = isIds(selection)
    ? selection.filter((id) => outbox.get(id)?.state !== "delivered")
    : [];
  const lines = others.length === 0
    ? []
    : [`${formatCount(others.length, "other")} not delivered yet: forwards retry sends those`];
  return { changed: false, lines };
}
