import { retryWhileBusySync, writeAllSync } from "../../util/files.ts";
import { messageOf } from "../../util/words.ts";
import { resolve } from "@std/path";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { Journal } from "../../journal/journal.ts";
import { BYTE_ORDER_MARK, type CsvCell, csvRow } from "../../util/csv.ts";
import { formatCount } from "../terminal/format.ts";
import type { Options } from "../terminal/table.ts";
import { startProgress, type Terminal } from "../terminal/terminal.ts";
import { needKnownNames } from "./known_names.ts";
import { findJournal, lookInto } from "./open_journal.ts";

/** The columns of a CSV in their order, each with what stands in it. */
export type CsvColumns<Exported> =
  readonly (readonly [name: string, cell: (record: Exported) => CsvCell])[];

/** What an export command writes. */
export interface Exporting<Filter, Row, Exported extends object> {
  readonly kinds: readonly EndpointKind[];
  readonly readFilter: (options: Options) => Filter;
  /** Oldest first. */
  readonly rows: (journal: Journal, filter: Filter) => AsyncIterable<Row>;
  /** What machines read of a row: a line of JSON as it is. */
  readonly record: (row: Row) => Exported;
  readonly columns: CsvColumns<Exported>;
  /** What a row is called: one and several. */
  readonly names: readonly [one: string, many: string];
}

/**
 * Runs a command that writes what the journal holds to a new file or to standard output.
 *
 * @param exporting What it writes.
 * @param options The command's arguments.
 * @param terminal Where standard output is, and where progress and failures are told.
 * @returns The exit code.
 * @throws {UsageError} When the arguments are wrong.
 */
export async function runExport<Filter, Row, Exported extends object>(
  exporting: Exporting<Filter, Row, Exported>,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const { kinds, record, columns, names } = exporting;
  const filter = exporting.readFilter(options);
  const which = { config: options.text("config"), kinds };
  const section = await findJournal(which, terminal);
  if (section === undefined) return 2;
  const format = options.text("format") === "csv" ? csvOf(columns) : JSON_LINES;
  return await lookInto(section, terminal, async (journal) => {
    await needKnownNames(journal, options, which, terminal);
    const rows = exporting.rows(journal, filter);
    const lines = { rows, head: format.head, line: (row: Row) => format.line(record(row)) };
    return await writeLines(lines, options.text("out"), names, terminal);
  });
}

/** How records are written. */
interface Format<Exported> {
  /** What stands before the first one. */
  readonly head: string;
  readonly line: (record: Exported) => string;
}

const JSON_LINES: Format<object> = {
  head: "",
  line: (record) => `${JSON.stringify(record)}\n`,
};

/** Safe against formula injection. */
function csvOf<Exported>(columns: CsvColumns<Exported>): Format<Exported> {
  return {
    head: BYTE_ORDER_MARK + csvRow(columns.map(([name]) => name)),
    line: (record) => csvRow(columns.map(([, cell]) => cell(record))),
  };
}

interface Lines<Row> extends Format<Row> {
  readonly rows: AsyncIterable<Row>;
}

/** Writes to the file that `--out` names, or to standard output. */
async function writeLines<Row>(
  { rows, head, line }: Lines<Row>,
  out: string | undefined,
  [one, many]: readonly [one: string, many: string],
  terminal: Terminal,
): Promise<number> {
  const file = out === undefined ? undefined : resolve(out);
  const output = openOutput(file, terminal);
  if (output === undefined) return 1;
  const title = `${many.slice(0, 1).toUpperCase()}${many.slice(1)} written`;
  const progress = startProgress(title, terminal);
  let count = 0;
  try {
    output.write(head);
    for await (const row of rows) {
      output.write(line(row));
      progress.step(++count);
    }
    output.finish();
  } catch (error) {
    output.abandon();
    if (!(error instanceof OutputFailed)) throw error;
    terminal.err(`${error.message}\n`);
    return 1;
  } finally {
    progress.end();
  }
  if (file !== undefined) terminal.err(`Wrote ${formatCount(count, one, many)} to ${file}\n`);
  return 0;
}

/** Where an export goes, piece by piece. */
interface Output {
  write(text: string): void;
  /** Writes what is pending. */
  finish(): void;
  /** Leaves no half of an export behind. */
  abandon(): void;
}

/** An export can't be written to its end: what is wrong, in one sentence. */
class OutputFailed extends Error {
  override readonly name = "OutputFailed";
}

/** Enough for few system calls, little enough for memory. */
const CHUNK_CHARACTERS = 65_536;

/**
 * Opens a new file, or standard output.
 *
 * @param file The file; `undefined` is standard output.
 * @param terminal Where standard output is, and where a failure is told.
 * @returns The output, whose file throws {@linkcode OutputFailed} when it can't be written, or `undefined` when the file can't be made, which was told.
 */
function openOutput(file: string | undefined, terminal: Terminal): Output | undefined {
  if (file === undefined) return { ...inChunks((text) => terminal.out(text)), abandon() {} };
  let opened: Deno.FsFile;
  try {
    // What it will hold is for its owner alone.
    opened = Deno.openSync(file, { write: true, createNew: true, mode: 0o600 });
  } catch (error) {
    terminal.err(`Cannot write "${file}": ${reasonOf(error)}\n`);
    return undefined;
  }
  const encoder = new TextEncoder();
  const chunks = inChunks((text) => {
    try {
      writeAllSync(opened, encoder.encode(text));
    } catch (error) {
      throw new OutputFailed(`Cannot write "${file}": ${reasonOf(error)}`, { cause: error });
    }
  });
  return {
    write: chunks.write,
    finish() {
      chunks.finish();
      opened.close();
    },
    abandon() {
      opened.close();
      retryWhileBusySync(() => Deno.removeSync(file));
    },
  };
}

function inChunks(flush: (text: string) => void): Pick<Output, "write" | "finish"> {
  let pending: string[] = [];
  let length = 0;
  function finish(): void {
    if (length > 0) flush(pending.join(""));
    pending = [];
    length = 0;
  }
  return {
    write(text) {
      pending.push(text);
      length += text.length;
      if (length >= CHUNK_CHARACTERS) finish();
    },
    finish,
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.AlreadyExists) return "it exists already, and is left as it is";
  if (error instanceof Deno.errors.NotFound) return "its folder is missing";
  return messageOf(error);
}
