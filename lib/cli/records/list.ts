import { dim, setColorEnabled } from "@std/fmt/colors";
import type { EventFilter } from "../../journal/events.ts";
import type { DeliveryFilter } from "../../journal/delivery_filter.ts";
import type { ForwardFilter } from "../../journal/forwards.ts";
import { FORWARD_STATES } from "../table/shared.ts";
import type { Options } from "../terminal/table.ts";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { Journal } from "../../journal/journal.ts";
import { formatTimestamp } from "../../util/timestamp.ts";
import { pause } from "../../util/waiting.ts";
import { programName, shellWord } from "../terminal/format.ts";
import { type Terminal, UsageError } from "../terminal/terminal.ts";
import { needKnownNames } from "./known_names.ts";
import { findJournal, lookInto } from "./open_journal.ts";

/**
 * Reads the options that choose deliveries.
 *
 * @param options The command's arguments.
 * @returns The filter.
 */
export function readFilter(options: Options): DeliveryFilter {
  const status = options.text("status");
  const verifiedBy = options.text("verified-by");
  return {
    ...readPlaceAndTime(options),
    ...readTexts(options, ["text", "rule"]),
    ...(status === undefined ? {} : { status: readStatus(status) }),
    ...(verifiedBy === undefined ? {} : { verifiedBy }),
    ...(options.flag("refused") ? { verified: false } : {}),
  };
}

/**
 * Reads the options that choose deliveries by where and when they came.
 *
 * @param options The command's arguments.
 * @returns The filter.
 */
export function readPlaceAndTime(options: Options): DeliveryFilter {
  return { ...readTexts(options, ["endpoint", "kind"]), ...readSpan(options) };
}

/** A status, a range, or hundreds: the table takes nothing else. */
function readStatus(text: string): readonly [from: number, to: number] {
  if (/xx$/i.test(text)) {
    const from = Number(text.slice(0, 1)) * 100;
    return [from, from + 99];
  }
  const [first = text, last = first] = text.split("-");
  if (Number(first) <= Number(last)) return [Number(first), Number(last)];
  throw new UsageError(
    `Cannot read --status "${text}": wanted the lower one first, as ${last}-${first}`,
  );
}

/**
 * Reads the options that choose events.
 *
 * @param options The command's arguments.
 * @returns The filter.
 */
export function readEventFilter(options: Options): EventFilter {
  return {
    ...readTexts(options, ["endpoint", "source", "type", "subject", "text"]),
    ...readSpan(options),
    ...(options.flag("warnings") ? { withWarnings: true } : {}),
  };
}

/**
 * Reads the options that choose forwards.
 *
 * @param options The command's arguments.
 * @returns The filter.
 */
export function readForwardFilter(options: Options): ForwardFilter {
  const text = options.text("state");
  const state = FORWARD_STATES.find((name) => name === text);
  return {
    ...(state === undefined ? {} : { state }),
    ...readTexts(options, ["destination"]),
    ...readSpan(options),
  };
}

/** A span of time; both ends are open unless given. */
interface Span {
  readonly since?: number;
  readonly until?: number;
}

/**
 * Reads the options that choose by time.
 *
 * @param options The command's arguments.
 * @returns The span, in milliseconds since the epoch.
 */
function readSpan(options: Options): Span {
  const since = options.number("since");
  const until = options.number("until");
  if (since !== undefined && until !== undefined && until <= since) {
    throw new UsageError(
      `Nothing came before --until ${formatTimestamp(until)} and at or after --since ` +
        `${formatTimestamp(since)}: wanted --since before --until`,
    );
  }
  return {
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

/**
 * Reads options whose values are taken as they are.
 *
 * @param options The command's arguments.
 * @param names Their names, which are those of the fields.
 * @returns The fields that are given.
 */
function readTexts<Name extends string>(
  options: Options,
  names: readonly Name[],
): { readonly [_ in Name]?: string } {
  const fields: { [_ in Name]?: string } = {};
  for (const name of names) {
    const value = options.text(name);
    if (value !== undefined) fields[name] = value;
  }
  return fields;
}

const LIMIT = 50;

/** Which part of a list is wanted. */
export interface ListPart {
  readonly limit: number;
  readonly cursor?: string;
}

/** What a list command shows. */
export interface Listing<Filter, Row> {
  /** The command, e.g. `deliveries list`. */
  readonly command: string;
  readonly kinds: readonly EndpointKind[];
  readonly readFilter: (options: Options) => Filter;
  readonly page: (
    journal: Journal,
    wanted: Filter & ListPart,
  ) => Promise<{ readonly rows: readonly Row[]; readonly next: string | null }>;
  readonly describe: (rows: readonly Row[], width?: number) => readonly string[];
  /** What is said below the table of what holds up all of it; with --json on standard error. */
  readonly held?: (journal: Journal) => Promise<readonly string[]>;
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
 * @param options The command's arguments.
 * @param terminal Where it is shown.
 * @returns The exit code.
 * @throws {UsageError} When the arguments are wrong.
 */
export async function runList<Filter extends object, Row extends { readonly id: string }>(
  listing: Listing<Filter, Row>,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const cursor = options.text("cursor");
  const wanted = {
    ...listing.readFilter(options),
    limit: options.number("limit") ?? LIMIT,
    ...(cursor === undefined ? {} : { cursor }),
  };
  const which = { config: options.text("config"), kinds: listing.kinds };
  const section = await findJournal(which, terminal);
  if (section === undefined) return 2;
  setColorEnabled(terminal.colour);
  return await lookInto(section, terminal, async (journal) => {
    await needKnownNames(journal, options, which, terminal);
    if (listing.follows && options.flag("follow")) {
      return await follow(listing, journal, wanted, options.flag("json"), terminal);
    }
    const { rows, next } = await pageOrComplain(() => listing.page(journal, wanted));
    const more = next === null ? undefined : nextPage(listing.command, options, next);
    const held = await listing.held?.(journal) ?? [];
    if (options.flag("json")) {
      terminal.err(held.map((line) => `${line}\n`).join(""));
      terminal.out(rows.map((row) => `${JSON.stringify(listing.record(row))}\n`).join(""));
      if (more !== undefined) terminal.err(`${more}\n`);
    } else {
      const lines = rows.length === 0 ? [listing.none] : listing.describe(rows, terminal.width);
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
  wanted: Filter & ListPart,
  asJson: boolean,
  terminal: Terminal,
): Promise<number> {
  let read = await newest(listing, journal, wanted);
  let fresh = read.slice(0, wanted.limit);
  let hasHead = false;
  while (true) {
    if (fresh.length > 0) {
      const shown = fresh.toReversed();
      const lines = asJson
        ? shown.map((row) => JSON.stringify(listing.record(row)))
        : listing.describe(shown, terminal.width).slice(hasHead ? 1 : 0);
      hasHead = true;
      terminal.out(lines.map((line) => `${line}\n`).join(""));
    }
    const seen = new Set(read.map(({ id }) => id));
    await pause(FOLLOW_MS, NEVER);
    read = await newest(listing, journal, wanted, seen);
    fresh = read.filter(({ id }) => !seen.has(id));
  }
}

/** The newest rows, newest first; of so many new ones that they fill a page, all of them. */
async function newest<Filter extends object, Row extends { readonly id: string }>(
  listing: Listing<Filter, Row>,
  journal: Journal,
  wanted: Filter & ListPart,
  seen?: ReadonlySet<string>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let next: string | null = null;
  do {
    const limit = Math.max(FOLLOW_ROWS, wanted.limit);
    const part = { limit, ...(next === null ? {} : { cursor: next }) };
    const page = await listing.page(journal, { ...wanted, ...part });
    rows.push(...page.rows);
    next = seen !== undefined && page.rows.every(({ id }) => !seen.has(id)) ? page.next : null;
  } while (next !== null);
  return rows;
}

async function pageOrComplain<Page>(read: () => Promise<Page>): Promise<Page> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** The command that gives the next page: the same one with the new cursor, which stands last. */
function nextPage(command: string, { given }: Options, next: string): string {
  const values = [...given].flatMap(([name, value]) =>
    value === true || name === "cursor" ? [] : [[name, `--${name} ${shellWord(value)}`] as const]
  );
  const config = values.filter(([name]) => name === "config");
  const others = values.filter(([name]) => name !== "config");
  const flags = [...given].flatMap(([name, value]) => value === true ? [`--${name}`] : []);
  const words = [...config, ...others].map(([, word]) => word);
  return `More: ${programName()} ${command} ${[...words, ...flags, "--cursor", next].join(" ")}`;
}
