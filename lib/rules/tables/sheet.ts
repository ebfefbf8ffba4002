/** A sheet as spreadsheets write it to a file: records of cells, each with its place. */
import { ROWS_A_STEP, type Steps } from "../../util/waiting.ts";

/** A record of a sheet. */
export interface SheetRecord {
  /** The line of the file on which it begins, from 1. */
  readonly line: number;
  /** The number that a spreadsheet shows beside it, which counts a record of several lines once. */
  readonly number: number;
  readonly cells: readonly string[];
}

/** What is wrong with a sheet, or with one of its cells. */
export interface SheetMistake {
  /** The line of the file, from 1. */
  readonly line: number;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** A sheet. */
export interface Sheet {
  /** What separates cells. */
  readonly separator: string;
  /** The names of the columns, trimmed; `""` for one without a name, in which nothing stands. */
  readonly columns: readonly string[];
  /** The records below, without empty ones. */
  readonly records: readonly SheetRecord[];
  readonly mistakes: readonly SheetMistake[];
}

const SEPARATORS = [";", ",", "\t"] as const;

/**
 * Reads the text of a sheet: RFC 4180 as spreadsheets write it, with a comma, a semicolon or a tab,
 * whichever the first line has most of, or the one that a line `sep=;` names.
 *
 * @param text The text.
 * @returns The sheet, with all that is wrong with it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { atOnce } from "../../util/waiting.ts";
 *
 * const { columns, records } = atOnce(readSheet('Land;Gruppe\r\n"DE";10065\r\n'));
 * assertEquals(columns, ["Land", "Gruppe"]);
 * assertEquals(records, [{ line: 2, number: 2, cells: ["DE", "10065"] }]);
 * ```
 */
export function* readSheet(text: string): Steps<Sheet> {
  const start = text.startsWith("\uFEFF") ? 1 : 0;
  const named = /^"?sep=(.)"?(\r\n|\r|\n|$)/i.exec(text.slice(start, start + 12));
  const separator = named?.[1] ?? guessSeparator(text.slice(start));
  const mistakes: SheetMistake[] = [];
  const all = yield* readRecords(text, separator, mistakes, {
    start: start + (named?.[0].length ?? 0),
    line: named === null ? 1 : 2,
  });
  const filled = all.filter(({ cells }) => cells.some((cell) => cell !== ""));
  const [header, ...records] = filled;
  if (header === undefined) {
    mistakes.push({ line: 1, message: "The file is empty, wanted the names of columns" });
    return { separator, columns: [], records: [], mistakes };
  }
  mistakes.push(...yield* checkColumns(header, records));
  return { separator, columns: header.cells, records, mistakes };
}

/**
 * Names a cell as a spreadsheet does.
 *
 * @param record Its record.
 * @param index The index of its column, from 0.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(cellName({ number: 14 }, 27), "AB14");
 * ```
 */
export function cellName({ number }: Pick<SheetRecord, "number">, index: number): string {
  return `${columnLetters(index)}${number}`;
}

function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + index % 26);
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter;
}

function* checkColumns(
  header: SheetRecord,
  records: readonly SheetRecord[],
): Steps<SheetMistake[]> {
  const { cells, line } = header;
  const mistakes: SheetMistake[] = [];
  for (const [index, name] of cells.entries()) {
    const first = cells.indexOf(name);
    if (name === "" || first === index) continue;
    mistakes.push({
      line,
      message: `column ${JSON.stringify(name)} (cell ${cellName(header, index)}) has the name of ` +
        `that in cell ${cellName(header, first)}`,
      hint: "Give every column a name of its own",
    });
  }
  const told = new Set<number>();
  for (const [at, record] of records.entries()) {
    if (at % ROWS_A_STEP === 0) yield;
    for (const [index, cell] of record.cells.entries()) {
      if (cell === "" || (cells[index] ?? "") !== "" || told.has(index)) continue;
      told.add(index);
      mistakes.push({
        line: record.line,
        message: `found ${quoteCell(cell)} in cell ${cellName(record, index)}, in a column ` +
          "without a name",
        hint: `Name the column in cell ${cellName(header, index)}, or empty it`,
      });
    }
  }
  return mistakes;
}

/**
 * Takes a text out of the formula that spreadsheets make of one that is to stay a text.
 *
 * @param cell What stands in the cell, e.g. `="01067"`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(['="01067"', "01067"].map(plainText), ["01067", "01067"]);
 * ```
 */
export function plainText(cell: string): string {
  const text = /^="((?:[^"]|"")*)"$/s.exec(cell)?.[1];
  return text === undefined ? cell : text.replaceAll('""', '"');
}

const LONGEST_QUOTE = 60;

/** The text of a cell for a message. */
export function quoteCell(cell: string): string {
  return JSON.stringify(cell.length > LONGEST_QUOTE ? `${cell.slice(0, LONGEST_QUOTE)}…` : cell);
}

/** That of which the first record has most; the order of the list decides between equals. */
function guessSeparator(text: string): string {
  const counts = new Map(SEPARATORS.map((one): [string, number] => [one, 0]));
  let isQuoted = false;
  let hasText = false;
  for (const sign of text) {
    if (sign === '"') isQuoted = !isQuoted;
    if (isQuoted) continue;
    if ((sign === "\n" || sign === "\r") && hasText) break;
    hasText ||= sign.trim() !== "";
    const count = counts.get(sign);
    if (count !== undefined) counts.set(sign, count + 1);
  }
  const [best] = [...counts].toSorted(([, a], [, b]) => b - a);
  return best === undefined || best[1] === 0 ? "," : best[0];
}

function* readRecords(
  text: string,
  separator: string,
  mistakes: SheetMistake[],
  from: { readonly start: number; readonly line: number },
): Steps<readonly SheetRecord[]> {
  const records: SheetRecord[] = [];
  let at = from.start;
  let line = from.line;
  while (at < text.length) {
    if (records.length % ROWS_A_STEP === 0) yield;
    const first = line;
    const cells: string[] = [];
    for (;;) {
      const { cell, end, breaks } = readCell(text, separator, at, line, mistakes);
      cells.push(cell);
      line += breaks;
      at = end;
      if (text[at] !== separator) break;
      at++;
    }
    records.push({ line: first, number: records.length + 1, cells });
    if (text[at] === "\r" && text[at + 1] === "\n") at++;
    at++;
    line++;
  }
  return records;
}

interface ReadCell {
  readonly cell: string;
  /** Where the separator or the end of the line stands. */
  readonly end: number;
  /** How many lines end within it. */
  readonly breaks: number;
}

function readCell(
  text: string,
  separator: string,
  start: number,
  line: number,
  mistakes: SheetMistake[],
): ReadCell {
  let at = start;
  while (text[at] === " " && separator !== " ") at++;
  if (text[at] !== '"') {
    const end = endOfCell(text, separator, start);
    return { cell: trimmed(text.slice(start, end)), end, breaks: 0 };
  }
  let cell = "";
  for (;;) {
    const quote = text.indexOf('"', at + 1);
    if (quote === -1) {
      mistakes.push({
        line,
        message: `found ${quoteCell(text.slice(start, start + 80))}, a cell whose quotes never end`,
        hint: 'Close them with ", or write a quote within quotes twice: ""',
      });
      return { cell: "", end: text.length, breaks: 0 };
    }
    cell += text.slice(at + 1, quote);
    at = quote + 1;
    if (text[at] !== '"') break;
    cell += '"';
  }
  const breaks = cell.match(/\r\n|\r|\n/g)?.length ?? 0;
  const end = endOfCell(text, separator, at);
  const rest = text.slice(at, end).trim();
  if (rest !== "") {
    mistakes.push({
      line: line + breaks,
      message: `found ${quoteCell(rest)} behind the quotes of a cell`,
      hint: 'Write a quote within quotes twice: ""',
    });
  }
  return { cell: trimmed(cell), end, breaks };
}

/** Marks of the direction of writing are not seen, and come along when text is pasted. */
const UNSEEN_AT_ENDS = /^[\s\p{Bidi_Control}\u200b]+|[\s\p{Bidi_Control}\u200b]+$/gu;

function trimmed(cell: string): string {
  return /^[\x21-\x7e]*$/.test(cell) ? cell : cell.replaceAll(UNSEEN_AT_ENDS, "");
}

function endOfCell(text: string, separator: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const sign = text[at];
    if (sign === separator || sign === "\n" || sign === "\r") return at;
  }
  return text.length;
}
