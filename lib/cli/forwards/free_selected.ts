import { type ForwardSelection, isIds } from "../../journal/forwards.ts";
import type { Journal } from "../../journal/journal.ts";
import { describeDisabled } from "./look.ts";
import { formatCount, printable, shellWord } from "../terminal/format.ts";
import type { Followed } from "./change.ts";

/**
 * Frees the destinations of a selection: a rest that one asked for is ended, and the one that is
 * named is enabled, for whoever wants all of it sent again wants it to arrive. Ids of forwards
 * enable nothing, for everything else that waits there would follow them.
 *
 * @param journal Where.
 * @param selection Which forwards were made due.
 * @param count How many those were.
 * @returns What was done, and what is in their way.
 */
export async function freeSelected(
  journal: Journal,
  selection: ForwardSelection,
  count: number,
): Promise<Followed> {
  const { outbox } = journal;
  if (isIds(selection)) {
    const names = new Set<string>();
    for (const id of selection) {
      const forward = await outbox.get(id);
      if (forward !== undefined) names.add(forward.destination);
    }
    const { lines } = await resumeAll(journal, names);
    return { changed: false, lines: [...lines, ...await disabledAmong(journal, names)] };
  }
  const { destination } = selection;
  if (destination === undefined) return { changed: false, lines: [] };
  const isEnabled = await outbox.enable(destination);
  const resumed = await resumeAll(journal, new Set([destination]));
  const changed = isEnabled || resumed.changed;
  const enabled = isEnabled ? [`Destination ${printable(destination)} is enabled`] : [];
  const isInVain = count === 0 && !changed && selection.state === "failed";
  const waiting = isInVain ? await whatWaits(journal, destination) : [];
  return { changed, lines: [...enabled, ...resumed.lines, ...waiting] };
}

async function resumeAll({ outbox }: Journal, names: ReadonlySet<string>): Promise<Followed> {
  const paused = await outbox.paused();
  const lines: string[] = [];
  for (const name of names) {
    const isResting = (paused.get(name)?.until ?? 0) > Date.now();
    if (paused.has(name) && await outbox.resume(name) && isResting) {
      lines.push(`The rest of destination ${printable(name)} is ended`);
    }
  }
  return { changed: lines.length > 0, lines };
}

async function disabledAmong({ outbox }: Journal, names: ReadonlySet<string>): Promise<string[]> {
  const disabled = [...await outbox.disabled()].filter(([name]) => names.has(name));
  return disabled.flatMap(([name, one]) => [
    `Nothing goes to a disabled destination: ${describeDisabled(name, one)}`,
    `To enable it: forwards retry --destination ${shellWord(name)}`,
  ]);
}

/** Whoever finds nothing that failed may look for what waits for its time. */
async function whatWaits({ outbox }: Journal, destination: string): Promise<string[]> {
  const waiting = (await outbox.counts()).get(destination)?.waiting ?? 0;
  if (waiting === 0) return [];
  return [
    `None failed there; ${formatCount(waiting, "forward")} wait${
      waiting === 1 ? "s" : ""
    } for the next attempt. To make it now:`,
    `forwards retry --destination ${shellWord(destination)} --state waiting`,
  ];
}
