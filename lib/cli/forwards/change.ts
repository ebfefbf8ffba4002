import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { ForwardState } from "../../forward/outbox.ts";
import type { ForwardFilter, ForwardSelection } from "../../journal/forwards.ts";
import { isIds } from "../../journal/forwards.ts";
import type { Journal } from "../../journal/journal.ts";
import { type Terminal, UsageError } from "../terminal/terminal.ts";
import { formatCount } from "../terminal/format.ts";
import { findJournal } from "../records/find_journal.ts";
import { changeJournal } from "../records/open.ts";
import { needId } from "../records/show.ts";
import { type Options } from "../terminal/options.ts";
import { readForwardFilter } from "./filter_options.ts";
import { forwardFinding } from "./finding.ts";

/** A change of forwards. */
export interface Change {
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
export interface Followed {
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
export async function runChange(
  change: Change,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const selection = readSelection(change, options);
  const which = { config: options.text("config"), kinds: change.kinds };
  const section = await findJournal(which, terminal);
  if (section === undefined) return 2;
  return await changeJournal(section, terminal, async (journal) => {
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
