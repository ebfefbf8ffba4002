import { setColorEnabled } from "@std/fmt/colors";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { Journal } from "../../journal/journal.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { findByBeginning, isBeginning, type ReadPage } from "./beginning.ts";
import { findJournal } from "./find_journal.ts";
import { lookInto } from "./open.ts";
import type { Options } from "../terminal/options.ts";

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
