import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { deliveredBefore, type ForwardSelection, isIds } from "../../journal/forwards.ts";
import type { Journal } from "../../journal/journal.ts";
import { BEGINNING_FORM } from "../records/beginning.ts";
import type { Command, Terminal } from "../terminal/command.ts";
import { formatCount } from "../terminal/format_count.ts";
import { type Change, runChange } from "./change.ts";
import { FORWARD_HELP } from "./filter_options.ts";

const HELP = `Usage: storehook forwards resend (ID… | --destination D [options])

Sends again what was delivered, e.g. after the receiver lost it: each as a further forward of the
same event, so that the first one stays in the journal with its attempts. The receiver sees the same
webhook-id as before; one that tells repeats by it leaves them out. What was erased can't be sent.

It counts first. With --destination it asks on a terminal, and elsewhere wants --yes.

ID is a forward's id or ${BEGINNING_FORM}.

Options:
${FORWARD_HELP}  --yes             does not ask
  --config FILE     the config, found as "serve" finds it

Examples:
  storehook forwards resend 0198fc2e-4a8b-72ae-a1e9-811f696b0a2d
  storehook forwards resend --destination erp --since 3d --until 1d

Exit codes: 0 fine, 1 there is nothing to send again, the answer was no, or the journal can't be
written, 2 wrong usage or config
`;

/**
 * Makes `storehook forwards resend`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function forwardsResendCommand(kinds: readonly EndpointKind[]): Command {
  const change: Change = {
    kinds,
    states: ["delivered"],
    state: "delivered",
    flags: ["yes"],
    before: (journal, selection, options, terminal) =>
      options.flag("yes") || isIds(selection) || isWanted(journal, selection, terminal),
    make: (journal, selection) => journal.outbox.resend(selection),
    done: "sent again: due now",
    follow: (journal, selection) => Promise.resolve(explainRest(journal, selection)),
  };
  return {
    name: "forwards resend",
    summary: "sends again what was delivered",
    help: HELP,
    run: (args, terminal) => runChange(change, args, terminal),
  };
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
