import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { deliveredBefore, type ForwardSelection, isIds } from "../../journal/forwards.ts";
import type { Journal } from "../../journal/journal.ts";
import { isConfirmed, type Terminal } from "../terminal/terminal.ts";
import { formatCount } from "../terminal/format.ts";
import { type Change, type Followed, runChange } from "./change.ts";
import type { Options } from "../terminal/options.ts";
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
    before: isWanted,
    make: (journal, selection) => journal.outbox.resend(selection),
    done: "sent again: due now",
    follow: explainRest,
  };
  return (options, terminal) => runChange(change, options, terminal);
}

/** Asks whether so many are meant; ids say it by themselves. */
async function isWanted(
  { outbox }: Journal,
  selection: ForwardSelection,
  options: Options,
  terminal: Terminal,
): Promise<boolean> {
  const meant = deliveredBefore(selection, Date.now());
  const count = isIds(meant) ? 0 : await outbox.count(meant);
  if (count === 0) return true;
  const describe = () => `This would send again ${formatCount(count, "delivered forward")}\n`;
  return await isConfirmed(options, terminal, { describe, question: "Send them?" });
}

/** An id of what was not delivered is for another command. */
async function explainRest({ outbox }: Journal, selection: ForwardSelection): Promise<Followed> {
  const others: string[] = [];
  for (const id of isIds(selection) ? selection : []) {
    if ((await outbox.get(id))?.state !== "delivered") others.push(id);
  }
  const lines = others.length === 0
    ? []
    : [`${formatCount(others.length, "other")} not delivered yet: forwards retry sends those`];
  return { changed: false, lines };
}
