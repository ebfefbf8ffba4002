import { dim, setColorEnabled } from "@std/fmt/colors";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { Journal } from "../../journal/journal.ts";
import { pause } from "../../util/waiting.ts";
import { type Terminal, UsageError } from "../terminal/command.ts";
import { type OptionNames, type Options, parseOptions } from "../terminal/options.ts";
import { programName } from "../terminal/program.ts";
import { findJournal } from "./find_journal.ts";
import { lookInto } from "./open.ts";

const LARGEST_LIMIT = 10_000;

/** What `--help` says about the options of every list. */
export const LIST_HELP = `  --limit N         how many at most, 1 to 10000 (default 50)
  --cursor C        continues a list, as its end says
  --json            one line of JSON for each
  --config FILE     the config, found as "serve" finds it
`;

/** Which part of a list is wanted. */
export interface Part {
  readonly limit: number;
  readonly cursor?: string;
}

/** What a list command shows. */
export interface Listing<Filter, Row> {
  /** The command, e.g. `deliveries list`. */
  readonly command: string;
  readonly kinds: readonly EndpointKind[];
  /** The options that choose rows. */
  readonly options: OptionNames;
  readonly readFilter: (options: Options) => Filter;
  readonly page: (
    journal: Journal,
    wanted: Filter & Part,
  ) => { readonly rows: readonly Row[]; readonly next: string | null };
  readonly describe: (rows: readonly Row[]) => readonly string[];
  /** What is said below the table of what holds up all of it; with --json on standard error. */
  readonly held?: (journal: Journal) => readonly string[];
  /** What a line of JSON holds of a row. */
  readonly record: (row: Row) => object;
  /** What is said in place of an empty table. */
  readonly none: string;
  /** Whether it takes `--follow`. */
  readonly follows?: true;
}

/** How often a list that is followed looks for new rows. */
const FOLLOW_MS = 500;
/** How many of the newest it looks at: a row may come behind one that was received later. */
const FOLLOW_ROWS = 100;
const NEVER = new AbortController().signal;

/**
 * Runs a command that lists what the journal holds, newest first.
 *
 * @param listing What it shows.
 * @param args What follows the command's name.
 * @param terminal Where it is shown.
 * @returns The exit code.
 * @throws {UsageError} When the arguments are wrong.
 */
export async function runList<Filter extends object, Row extends { readonly id: string }>(
  listing: Listing<Filter, Row>,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const { text = [], flags = [] } = listing.options;
  const options = parseOptions(args, {
    text: ["config", ...text, "limit", "cursor"],
    flags: [...flags, "json", ...(listing.follows ? ["follow"] : [])],
  });
  const cursor = options.text("cursor");
  const wanted = {
    ...listing.readFilter(options),
    limit: readLimit(options.text("limit") ?? "50"),
    ...(cursor === undefined ? {} : { cursor }),
  };
  const which = { config: options.text("config"), kinds: listing.kinds };
  const section = await findJournal(which, terminal);
  if (section === undefined) return 2;
  setColorEnabled(terminal.colour);
  return await lookInto(section.path, terminal, async (journal) => {
    if (listing.follows && options.flag("follow")) {
      return await follow(listing, journal, wanted, options.flag("json"), terminal);
    }
    const { rows, next } = pageOrComplain(() => listing.page(journal, wanted));
    const more = next === null ? undefined : nextPage(listing, options, next);
    const held = listing.held?.(journal) ?? [];
    if (options.flag("json")) {
      terminal.err(held.map((line) => `${line}\n`).join(""));
      terminal.out(rows.map((row) => `${JSON.stringify(listing.record(row))}\n`).join(""));
      if (more !== undefined) terminal.err(`${more}\n`);
    } else {
      const lines = rows.length === 0 ? [listing.none] : listing.describe(rows);
      const below = [...held, ...(more === undefined ? [] : [dim(more)])];
      terminal.out(`${[...lines, ...(below.length === 0 ? [] : ["", ...below])].join("\n")}\n`);
    }
    return 0;
  });
}

/** Shows the newest rows, the newest last, and then each that comes. It ends with the program. */
async function follow<Filter extends object, Row extends { readonly id: string }>(
  listing: Listing<Filter, Row>,
  journal: Journal,
  wanted: Filter & Part,
  asJson: boolean,
  terminal: Terminal,
): Promise<number> {
  let read = newest(listing, journal, wanted);
  let fresh = read.slice(0, wanted.limit);
  let hasHead = false;
  while (true) {
    if (fresh.length > 0) {
      const shown = fresh.toReversed();
      const lines = asJson
        ? shown.map((row) => JSON.stringify(listing.record(row)))
        : listing.describe(shown).slice(hasHead ? 1 : 0);
      hasHead = true;
      terminal.out(lines.map((line) => `${line}\n`).join(""));
    }
    const seen = new Set(read.map(({ id }) => id));
    await pause(FOLLOW_MS, NEVER);
    read = newest(listing, journal, wanted, seen);
    fresh = read.filter(({ id }) => !seen.has(id));
  }
}

/** The newest rows, newest first; of so many new ones that they fill a page, all of them. */
function newest<Filter extends object, Row extends { readonly id: string }>(
  listing: Listing<Filter, Row>,
  journal: Journal,
  wanted: Filter & Part,
  seen?: ReadonlySet<string>,
): readonly Row[] {
  const rows: Row[] = [];
  let next: string | null = null;
  do {
    const limit = Math.max(FOLLOW_ROWS, wanted.limit);
    const part = { limit, ...(next === null ? {} : { cursor: next }) };
    const page = listing.page(journal, { ...wanted, ...part });
    rows.push(...page.rows);
    next = seen !== undefined && page.rows.every(({ id }) => !seen.has(id)) ? page.next : null;
  } while (next !== null);
  return rows;
}

function readLimit(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (limit >= 1 && limit <= LARGEST_LIMIT) return limit;
  throw new UsageError(`Cannot list "${text}": wanted a number from 1 to ${LARGEST_LIMIT}`);
}

function pageOrComplain<Page>(read: () => Page): Page {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** The command that gives the next page: the same one with the new cursor. */
function nextPage(
  { command, options: { text = [], flags = [] } }: Pick<
    Listing<never, never>,
    "command" | "options"
  >,
  options: Options,
  next: string,
): string {
  const words = ["config", ...text, "limit"].flatMap((name) => {
    const value = options.text(name);
    return value === undefined ? [] : [`--${name}`, quoted(value)];
  });
  const given = [...flags, "json"].filter((name) => options.flag(name));
  const all = [...words, ...given.map((name) => `--${name}`), "--cursor", next];
  return `More: ${programName()} ${command} ${all.join(" ")}`;
}

function quoted(value: string): string {
  return /^[\w./:@%+,-]+$/.test(value) ? value : JSON.stringify(value);
}
