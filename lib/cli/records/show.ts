import { setColorEnabled } from "@std/fmt/colors";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { Journal } from "../../journal/journal.ts";
import type { Options } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { findJournal, lookInto } from "./open_journal.ts";

/** How something is found by its id. */
export interface Finding<Row extends { readonly id: string }> {
  /** What it is called, e.g. `event`. */
  readonly name: string;
  readonly readPage: (journal: Journal) => ReadPage<Row>;
  /** Shows those between which a beginning does not decide. */
  readonly describe: (rows: readonly Row[], width?: number) => readonly string[];
}

/** How one thing is shown. */
export interface Showing<Row extends { readonly id: string }, Whole> extends Finding<Row> {
  readonly kinds: readonly EndpointKind[];
  readonly get: (journal: Journal, id: string) => Promise<Whole | undefined>;
  readonly page: (whole: Whole) => readonly string[];
  /** What the line of JSON holds. */
  readonly record: (whole: Whole) => object;
}

/**
 * Runs a command that shows one thing of the journal.
 *
 * @param showing What it shows.
 * @param options The command's arguments.
 * @param terminal Where it is shown.
 * @returns The exit code.
 * @throws {UsageError} When the arguments are wrong.
 */
export async function runShow<Row extends { readonly id: string }, Whole>(
  showing: Showing<Row, Whole>,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const which = { config: options.text("config"), kinds: showing.kinds };
  const section = await findJournal(which, terminal);
  if (section === undefined) return 2;
  setColorEnabled(terminal.colour);
  return await lookInto(section, terminal, async (journal) => {
    const id = await needId(showing, journal, options.words[0] ?? "", async (name) => {
      return await showing.get(journal, name) !== undefined;
    });
    const whole = id.found === undefined ? undefined : await showing.get(journal, id.found);
    if (whole === undefined) {
      terminal.err(id.complaint);
      return 1;
    }
    terminal.out(
      options.flag("json")
        ? `${JSON.stringify(showing.record(whole))}\n`
        : `${showing.page(whole).join("\n")}\n`,
    );
    return 0;
  });
}

/** The id that was meant, or what is to be said where none is. */
interface Meant {
  readonly found: string | undefined;
  readonly complaint: string;
}

/**
 * Finds the id that was meant.
 *
 * @param finding How it is found.
 * @param journal Where.
 * @param name An id or its beginning.
 * @param isThere Whether there is one of exactly this id.
 */
export async function needId<Row extends { readonly id: string }>(
  { name: what, readPage, describe }: Finding<Row>,
  journal: Journal,
  name: string,
  isThere: (id: string) => Promise<boolean>,
): Promise<Meant> {
  const id = name.toLowerCase();
  const none = `There is no ${what} "${name}"\n`;
  if (await isThere(id)) return { found: id, complaint: none };
  const rows = isBeginning(id) ? await findByBeginning(readPage(journal), id) : [];
  const [only, ...others] = rows;
  if (others.length === 0) return { found: only?.id, complaint: none };
  const table = describe(rows).join("\n");
  return {
    found: undefined,
    complaint: `More than one ${what} begins with "${name}":\n\n${table}\n`,
  };
}

/** Enough to show that a beginning is too short. */
const MOST_CANDIDATES = 10;
/** The first digits of an id are the time; so many of them make about a minute. */
const BEGINNING = /^[0-9a-f]{8}[0-9a-f-]{0,28}$/;
const TIME_DIGITS = 12;
const MINUTE_MS = 60_000;
const PAGE = 1000;

/** Reads one page of a list. */
export type ReadPage<Row> = (
  part: {
    readonly since?: number;
    readonly until?: number;
    readonly limit: number;
    readonly cursor?: string;
  },
) => Promise<{ readonly rows: readonly Row[]; readonly next: string | null }>;

/**
 * Tells whether a text can be the beginning of an id.
 *
 * @param text The text, in lower case.
 * @returns Whether it has eight digits or more, and nothing that no id has.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { isBeginning } from "./show.ts";
 *
 * assertEquals(["0198fc2e-4a", "0198", "request-1"].map(isBeginning), [true, false, false]);
 * ```
 */
export function isBeginning(text: string): boolean {
  return BEGINNING.test(text);
}

/**
 * Finds what has an id that begins so, by the time in it: within a minute of that.
 *
 * @param readPage Reads what may be meant.
 * @param beginning What {@linkcode isBeginning} accepted.
 * @returns Those that were found, of which ten are enough.
 */
export async function findByBeginning<Row extends { readonly id: string }>(
  readPage: ReadPage<Row>,
  beginning: string,
): Promise<readonly Row[]> {
  const digits = beginning.replaceAll("-", "").slice(0, TIME_DIGITS);
  const since = parseInt(digits.padEnd(TIME_DIGITS, "0"), 16) - MINUTE_MS;
  const until = parseInt(digits.padEnd(TIME_DIGITS, "f"), 16) + MINUTE_MS;
  const found: Row[] = [];
  for await (const row of walkPages(readPage, { since, until })) {
    if (row.id.startsWith(beginning)) found.push(row);
    if (found.length === MOST_CANDIDATES) break;
  }
  return found;
}

/**
 * Walks through a list page by page, newest first.
 *
 * @param readPage Reads a page.
 * @param span Of which time.
 */
export async function* walkPages<Row>(
  readPage: ReadPage<Row>,
  span: { readonly since?: number; readonly until?: number } = {},
): AsyncGenerator<Row> {
  let next: string | null | undefined;
  while (next !== null) {
    const page = await readPage({
      ...span,
      limit: PAGE,
      ...(next === undefined ? {} : { cursor: next }),
    });
    yield* page.rows;
    next = page.next;
  }
}
