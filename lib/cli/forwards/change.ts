import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { freeDestinations } from "../../console/queries/change_forwards.ts";
import type { ForwardState } from "../../forward/outbox.ts";
import {
  deliveredBefore,
  type ForwardFilter,
  type ForwardSelection,
  isIds,
} from "../../journal/forwards.ts";
import type { Journal } from "../../journal/journal.ts";
import { needKnownNames } from "../records/known_names.ts";
import { readForwardFilter } from "../records/list.ts";
import { changeJournal, findJournal } from "../records/open_journal.ts";
import { needId } from "../records/show.ts";
import { formatCount, printable, shellWord } from "../terminal/format.ts";
import type { Options, RunCommand } from "../terminal/table.ts";
import { isConfirmed, type Terminal, UsageError } from "../terminal/terminal.ts";
import { describeDisabledDestination, forwardFinding } from "./forwards.ts";

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

/** A change of forwards. */
interface Change {
  readonly kinds: readonly EndpointKind[];
  /** The state that is meant where forwards are chosen by destination and none is named. */
  readonly state?: ForwardState;
  /** Called before anything is changed; nothing is when it gives `false`. */
  readonly before?: (
    journal: Journal,
    selection: ForwardSelection,
    options: Options,
    terminal: Terminal,
  ) => Promise<boolean>;
  readonly make: (journal: Journal, selection: ForwardSelection) => Promise<number>;
  /** What was done, behind the count. */
  readonly done: string;
  /** What is done then with the destinations, and what is said besides. */
  readonly follow?: (
    journal: Journal,
    selection: ForwardSelection,
    count: number,
  ) => Promise<Followed>;
}

/** What was done with destinations. */
interface Followed {
  /** Whether any of them was changed. */
  readonly changed: boolean;
  /** What is to be said of them, in lines. */
  readonly lines: readonly string[];
}

/**
 * Runs a command that changes forwards, by id or by destination.
 *
 * @param change The change.
 * @param options The command's arguments.
 * @param terminal Where it tells how many were changed.
 * @returns The exit code: 1 when nothing was.
 * @throws {UsageError} When the arguments are wrong.
 */
async function runChange(
  change: Change,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const selection = readSelection(change, options);
  const which = { config: options.text("config"), kinds: change.kinds };
  const section = await findJournal(which, terminal);
  if (section === undefined) return 2;
  return await changeJournal(section, terminal, async (journal) => {
    await needKnownNames(journal, options, which, terminal);
    const meant = isIds(selection) ? await findAll(journal, selection, terminal) : selection;
    if (meant === undefined) return 1;
    if (await change.before?.(journal, meant, options, terminal) === false) return 1;
    const count = await change.make(journal, meant);
    const { changed = false, lines = [] } = await change.follow?.(journal, meant, count) ?? {};
    const all = [`${formatCount(count, "forward")} ${change.done}`, ...lines];
    terminal.out(
      options.flag("json")
        ? `${JSON.stringify({ forwards: count, notes: lines })}\n`
        : all.map((line) => `${line}\n`).join(""),
    );
    return count === 0 && !changed ? 1 : 0;
  });
}

function readSelection({ state }: Change, options: Options): ForwardSelection {
  const filter: ForwardFilter = readForwardFilter(options);
  const isFiltered = Object.keys(filter).length > 0;
  if (options.words.length > 0) {
    if (!isFiltered) return options.words;
    throw new UsageError("Cannot use both ids and a filter: give one of them");
  }
  // All there is should take more than one word that was forgotten.
  if (filter.destination === undefined) {
    throw new UsageError("Which forwards is missing: give their ids, or --destination D");
  }
  return { ...(state === undefined ? {} : { state }), ...filter };
}

/** All of them or none: with a mistake in one id, the others may be wrong as well. */
async function findAll(
  journal: Journal,
  names: readonly string[],
  terminal: Terminal,
): Promise<readonly string[] | undefined> {
  const isThere = async (id: string) => await journal.outbox.get(id) !== undefined;
  const ids: string[] = [];
  for (const name of names) {
    const { found, complaint } = await needId(forwardFinding, journal, name, isThere);
    if (found === undefined) {
      terminal.err(`${complaint}Nothing was changed\n`);
      return undefined;
    }
    ids.push(found);
  }
  return ids;
}

/** Frees the destinations of a selection, and says what was done and what is in their way. */
async function freeSelected(
  journal: Journal,
  selection: ForwardSelection,
  count: number,
): Promise<Followed> {
  const { enabled, resumed, disabled } = await freeDestinations(journal.outbox, selection);
  const changed = enabled !== undefined || (!isIds(selection) && resumed.length > 0);
  const isInVain = !isIds(selection) && count === 0 && !changed && selection.state === "failed";
  const lines = [
    ...(enabled === undefined ? [] : [`Destination ${printable(enabled)} is enabled`]),
    ...resumed.map((name) => `The rest of destination ${printable(name)} is ended`),
    ...[...disabled].flatMap(([name, one]) => [
      `Nothing goes to a disabled destination: ${describeDisabledDestination(name, one)}`,
      `To enable it: forwards retry --destination ${shellWord(name)}`,
    ]),
    ...(isInVain && selection.destination !== undefined
      ? await whatWaits(journal, selection.destination)
      : []),
  ];
  return { changed, lines };
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
