import { bold } from "@std/fmt/colors";
import { printable } from "../terminal/format.ts";

/** Colours a text. */
export type Paint = (text: string) => string;

/** One column of a table, in its order. */
export interface Column<Row> {
  readonly head: string;
  /** What stands in it, without colour. */
  readonly cell: (row: Row) => string;
  /** How it is coloured. */
  readonly paint?: (row: Row) => Paint;
  /** A column of numbers stands at the right. */
  readonly isNumber?: boolean;
  /** Left out where no row has anything in it. */
  readonly isOptional?: boolean;
}

const LONGEST_CELL = 60;

/**
 * Shows rows in aligned columns, in colour when colours are on. A cell that is too long is cut, and
 * nothing in it controls the terminal. Where a row is wider than the terminal, it takes several
 * lines, of which the further ones are indented.
 *
 * @param all The columns.
 * @param rows The rows.
 * @param width How wide the terminal is; `undefined` where it is none.
 * @returns The heads of the columns and a text for each row.
 */
export function describeColumns<Row>(
  all: readonly Column<Row>[],
  rows: readonly Row[],
  width = Infinity,
): string[] {
  const columns = all.filter(({ isOptional, cell }) =>
    isOptional !== true || rows.some((row) => cell(row) !== "")
  );
  const cells = rows.map((row) => columns.map(({ cell }) => cut(cell(row), LONGEST_CELL)));
  const widths = columns.map(({ head }, index) =>
    Math.max(head.length, ...cells.map((texts) => texts[index]?.length ?? 0))
  );
  const lines = breakLines(widths, width);
  const lay = (texts: readonly string[], paintOf: (column: Column<Row>) => Paint) =>
    lines.filter((indexes, line) => line === 0 || indexes.some((index) => texts[index] !== "")).map(
      (indexes) =>
        indexes.map((index) => {
          const [text = "", width = 0, column] = [texts[index], widths[index], columns[index]];
          if (column === undefined) return text;
          // Nothing follows the last one.
          const isLast = index === indexes.at(-1);
          const padded = column.isNumber === true
            ? text.padStart(width)
            : isLast
            ? text
            : text.padEnd(width);
          return paintOf(column)(padded);
        }).join(GAP),
    ).join(`\n${INDENT}`);
  return [
    bold(lay(columns.map(({ head }) => head), () => plain)),
    ...rows.map((row, index) => lay(cells[index] ?? [], ({ paint }) => paint?.(row) ?? plain)),
  ];
}

const GAP = "  ";
const INDENT = "  ";

/** Which columns stand on which line; a column that is too wide for any has one of its own. */
function breakLines(widths: readonly number[], width: number): readonly (readonly number[])[] {
  const lines: number[][] = [];
  let used = Infinity;
  for (const [index, own] of widths.entries()) {
    const line = lines.at(-1);
    if (line !== undefined && used + GAP.length + own <= width) {
      line.push(index);
      used += GAP.length + own;
    } else {
      used = own + (lines.length === 0 ? 0 : INDENT.length);
      lines.push([index]);
    }
  }
  return lines;
}

function plain(text: string): string {
  return text;
}

/**
 * Makes a text fit into a cell.
 *
 * @param text The text.
 * @param length How many characters it may have.
 * @returns The text, printable; cut where it is too long.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cut } from "./columns.ts";
 *
 * assertEquals([cut("abc", 3), cut("abcd", 3)], ["abc", "ab…"]);
 * ```
 */
export function cut(text: string, length: number): string {
  const safe = printable(text);
  return safe.length > length ? `${safe.slice(0, length - 1)}…` : safe;
}
