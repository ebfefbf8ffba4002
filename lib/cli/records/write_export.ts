import { resolve } from "@std/path";
import { startProgress, type Terminal } from "../terminal/terminal.ts";
import { formatCount } from "../terminal/format.ts";
import { openOutput, OutputFailed } from "./output.ts";

/** How rows are written. */
interface Format<Row> {
  /** What stands before the first one. */
  readonly head: string;
  readonly line: (row: Row) => string;
}

/** The formats of an export by their names, of which the table takes no other. */
export type Formats<Row> = Readonly<Record<"jsonl" | "csv", Format<Row>>>;

/** What is written, and where. */
interface ExportWork<Row> {
  readonly rows: AsyncIterable<Row>;
  readonly format: Format<Row>;
  /** The value of `--out`; `undefined` is standard output. */
  readonly out: string | undefined;
  /** What a row is called: one and several. */
  readonly names: readonly [one: string, many: string];
}

/**
 * Writes rows to a new file or to standard output.
 *
 * @param work What is written, and where.
 * @param terminal Where standard output is, and where progress and failures are told.
 * @returns The exit code.
 */
export async function writeExport<Row>(
  { rows, format, out, names: [one, many] }: ExportWork<Row>,
  terminal: Terminal,
): Promise<number> {
  const file = out === undefined ? undefined : resolve(out);
  const output = openOutput(file, terminal);
  if (output === undefined) return 1;
  const title = `${many.slice(0, 1).toUpperCase()}${many.slice(1)} written`;
  const progress = startProgress(title, terminal);
  let count = 0;
  try {
    output.write(format.head);
    for await (const row of rows) {
      output.write(format.line(row));
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
