import { type ForwardSelection, isIds } from "../../journal/forwards.ts";
import type { Journal } from "../../journal/journal.ts";
import { describeDisabled } from "../journal/describe_disabled.ts";
import { printable } from "../terminal/printable.ts";
import { shellWord } from "../terminal/program.ts";
import type { Followed } from "./change.ts";

/**
 * Enables the destination that a selection names: whoever wants all of it sent again wants it to
 * arrive. Ids of forwards enable nothing, for everything else that waits there would follow them.
 *
 * @param journal Where.
 * @param selection Which forwards were made due.
 * @returns What was done, and what is in their way.
 */
export async function enableSelected(
  journal: Journal,
  selection: ForwardSelection,
): Promise<Followed> {
  if (isIds(selection)) return { changed: false, lines: disabledAmong(journal, selection) };
  const { destination } = selection;
  const changed = destination !== undefined && await journal.outbox.enable(destination);
  return { changed, lines: changed ? [`Destination ${printable(destination)} is enabled`] : [] };
}

function disabledAmong(journal: Journal, ids: readonly string[]): string[] {
  const names = new Set(ids.map((id) => journal.outbox.get(id)?.destination));
  const disabled = [...journal.outbox.disabled()].filter(([name]) => names.has(name));
  return disabled.flatMap(([name, one]) => [
    `Nothing goes to a disabled destination: ${describeDisabled(name, one)}`,
    `To enable it: forwards retry --destination ${shellWord(name)}`,
  ]);
}
