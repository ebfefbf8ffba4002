import { contentOf } from "../../console/queries/records.ts";
import { bold, dim } from "@std/fmt/colors";
import { decodeJson } from "../../http/json.ts";
import { Problem } from "../../http/problem/problem.ts";
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
 * import { cut } from "./layout.ts";
 *
 * assertEquals([cut("abc", 3), cut("abcd", 3)], ["abc", "ab…"]);
 * ```
 */
export function cut(text: string, length: number): string {
  const safe = printable(text);
  return safe.length > length ? `${safe.slice(0, length - 1)}…` : safe;
}

/** A name and what is said of it. */
export type Fact = readonly [name: string, value: string];

/**
 * Shows facts, one a line.
 *
 * @param facts The facts.
 * @returns Indented lines, their values aligned.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { describeFacts } from "./layout.ts";
 *
 * assertEquals(describeFacts([["id", "7"], ["status", "200"]]), ["  id      7", "  status  200"]);
 * ```
 */
export function describeFacts(facts: readonly Fact[]): string[] {
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
}

/**
 * Shows bytes: JSON broken into lines, other text as it is. In colour when colours are on.
 *
 * @param bytes The bytes.
 * @returns Indented lines; none when there are no bytes.
 */
export function describeContent(bytes: Uint8Array): string[] {
  if (bytes.length === 0) return [];
  const { text, encoding } = contentOf(bytes);
  if (encoding === "base64") return [dim("  not a text in UTF-8; --json gives it in Base64")];
  const lines = printable(prettyJson(bytes) ?? text, "\n\t").split("\n");
  return lines.map((line) => `  ${line}`);
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * Breaks JSON into lines. Every token stays as it was written: a number keeps its digits, a key
 * that stands twice stands twice.
 *
 * @param bytes What may be JSON.
 * @returns The lines, `undefined` when it is not JSON that the server would read.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { prettyJson } from "./layout.ts";
 *
 * const bytes = new TextEncoder().encode('{"a":[1.0,{}]}');
 * assertEquals(prettyJson(bytes), '{\n  "a": [\n    1.0,\n    {}\n  ]\n}');
 * ```
 */
export function prettyJson(bytes: Uint8Array): string | undefined {
  if (!isJson(bytes)) return undefined;
  const tokens = new TextDecoder().decode(bytes).match(TOKEN) ?? [];
  const parts: string[] = [];
  let depth = 0;
  const newLine = () => parts.push(`\n${"  ".repeat(depth)}`);
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    const isFirst = before === "{" || before === "[";
    const isEnd = token === "}" || token === "]";
    if (isEnd) depth--;
    if (isFirst !== isEnd) newLine();
    parts.push(token);
    if (token === "{" || token === "[") depth++;
    else if (token === ",") newLine();
    else if (token === ":") parts.push(" ");
  }
  return parts.join("");
}

function isJson(bytes: Uint8Array): boolean {
  try {
    decodeJson(bytes);
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}
