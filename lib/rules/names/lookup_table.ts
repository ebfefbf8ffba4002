/** A table in which rules look something up: its rows by their keys, its columns by their types. */
import { readNumberCell, readTruthCell, type SheetStyle } from "../tables/numbers.ts";
import { styleOf } from "../tables/rows.ts";
import { ofLine, type RuleTable, type TellOfTable } from "../tables/rule_table.ts";
import { cellName, plainText, type Sheet, type SheetRecord } from "../tables/sheet.ts";
import { ROWS_A_STEP, type Steps } from "../../util/waiting.ts";
import { nearest } from "../../util/words.ts";

/** What a column holds. */
export type ColumnType = "text" | "number" | "bool";

/** A table to look something up. */
export interface LookupTable {
  readonly file: string;
  /** The types of its columns, by their names. */
  readonly types: ReadonlyMap<string, ColumnType>;
  /**
   * Finds what stands in a column.
   *
   * @param key What stands in the column of the keys: a text as it is written, or a number.
   * @param column The name of the column.
   * @returns `undefined` where there is no such row, or nothing stands there.
   */
  find(key: string | number, column: string): string | number | boolean | undefined;
}

/**
 * Opens a table to look something up.
 *
 * @param table The table, whose sheet could be read.
 * @param sheet Its sheet.
 * @param tell Takes each mistake.
 * @param warn Takes what works but can't be meant.
 */
export function* openLookup(
  table: RuleTable,
  sheet: Sheet,
  tell: TellOfTable,
  warn: TellOfTable,
): Steps<LookupTable | undefined> {
  const { columns, records } = sheet;
  const keyName = table.key ?? columns.find((name) => name !== "") ?? "";
  const keyAt = columns.indexOf(keyName);
  if (keyAt === -1) {
    tell({
      at: ["tables", table.name, "key"],
      message: `${table.file} has no column ${JSON.stringify(keyName)}`,
      hint: suggestion(keyName, columns.filter((name) => name !== ""))?.replaceAll("'", '"'),
    });
    return undefined;
  }
  const style = styleOf(sheet);
  const rows = new Map<string | number, number>();
  const keyless: number[] = [];
  for (const [at, { cells, line }] of records.entries()) {
    if (at % ROWS_A_STEP === 0) yield;
    const key = plainText(cells[keyAt] ?? "");
    // Missing text is empty, too: such a row would be that of everybody of whom nothing is known.
    if (key === "") {
      keyless.push(line);
      continue;
    }
    const first = rows.get(key);
    if (first === undefined) rows.set(key, at);
    else {
      const [earlier, found] = [records[first]?.line, JSON.stringify(key)];
      const say = table.hit === "unique" ? tell : warn;
      say(ofLine(
        table,
        line,
        `found ${found} in the column ${JSON.stringify(keyName)}, which line ${earlier} has too`,
        say === warn ? `The first one counts: take line ${line} out` : "Take one of them out",
      ));
    }
    const number = readNumberCell(key, style);
    if (typeof number === "number" && !rows.has(number)) rows.set(number, at);
  }
  const [first, second, ...others] = keyless;
  if (first !== undefined) {
    const rest = others.length === 0 ? "" : ` and ${others.length} more`;
    const more = second === undefined ? "" : `, nor on line ${second}${rest}`;
    warn(ofLine(
      table,
      first,
      `found nothing in the column ${JSON.stringify(keyName)}${more}: no key finds the row`,
      "What counts where no row is found is the fourth argument of lookup()",
    ));
  }
  const opened = new Map<string, Column>();
  const oddNumbers: OddNumber[] = [];
  for (const [index, name] of columns.entries()) {
    if (name === "") continue;
    const column = yield* readColumn(records, index, style);
    opened.set(name, column);
    const odd = column.type === "text" ? yield* findOddNumber(sheet, index) : undefined;
    if (odd !== undefined) oddNumbers.push(odd);
  }
  for (const { line, message, hint } of oddNumbers) warn(ofLine(table, line, message, hint));
  return {
    file: table.file,
    types: new Map([...opened].map(([name, { type }]) => [name, type])),
    find(key, column) {
      const row = rows.get(typeof key === "string" ? key.trim() : key);
      return row === undefined ? undefined : opened.get(column)?.values[row];
    },
  };
}

/**
 * Says what may have been meant.
 *
 * @param name What was written.
 * @param known What there is.
 */
export function suggestion(name: string, known: readonly string[]): string | undefined {
  const near = nearest(name, known);
  if (near !== undefined) return `Did you mean '${near}'?`;
  return known.length === 0 ? undefined : `There is ${known.map((one) => `'${one}'`).join(", ")}`;
}

/** A column: of one type if all that stands there is, with what stands there row by row. */
interface Column {
  readonly type: ColumnType;
  readonly values: readonly (string | number | boolean | undefined)[];
}

/** A number that begins with a zero is a text: a postcode, an id. */
const CODE = /^[-+]?0\d/;

function* readColumn(
  records: readonly SheetRecord[],
  index: number,
  style: SheetStyle,
): Steps<Column> {
  let [isNumber, isTruth, isEmpty] = [true, true, true];
  const texts: (string | undefined)[] = [];
  for (const [at, { cells }] of records.entries()) {
    if (at % ROWS_A_STEP === 0) yield;
    const cell = plainText(cells[index] ?? "");
    texts.push(cell === "" ? undefined : cell);
    if (cell === "") continue;
    isEmpty = false;
    isNumber &&= !CODE.test(cell) && typeof readNumberCell(cell, style) === "number";
    isTruth &&= typeof readTruthCell(cell) === "boolean";
  }
  if (isEmpty || !(isNumber || isTruth)) return { type: "text", values: texts };
  const values: (number | boolean | undefined)[] = [];
  for (const [at, cell] of texts.entries()) {
    if (at % ROWS_A_STEP === 0) yield;
    const value = cell === undefined
      ? undefined
      : isNumber
      ? readNumberCell(cell, style)
      : readTruthCell(cell);
    values.push(typeof value === "object" ? undefined : value);
  }
  return { type: isNumber ? "number" : "bool", values };
}

/** A cell that keeps a column of numbers from being one, though a number is meant. */
interface OddNumber {
  readonly line: number;
  readonly message: string;
  readonly hint?: string | undefined;
}

function* findOddNumber(sheet: Sheet, index: number): Steps<OddNumber | undefined> {
  const style = styleOf(sheet);
  let [filled, odd] = [0, 0];
  let first: SheetRecord | undefined;
  for (const [at, record] of sheet.records.entries()) {
    if (at % ROWS_A_STEP === 0) yield;
    const cell = record.cells[index] ?? "";
    if (cell === "") continue;
    filled++;
    // Of codes and of words nobody means numbers.
    if (CODE.test(cell)) return undefined;
    if (typeof readNumberCell(cell, style) === "number") continue;
    if (!NUMBER_LIKE.test(cell)) return undefined;
    odd++;
    first ??= record;
  }
  if (first === undefined || 2 * odd > filled) return undefined;
  const mistake = readNumberCell(first.cells[index] ?? "", style);
  if (typeof mistake === "number") return undefined;
  return {
    line: first.line,
    message: `column ${JSON.stringify(sheet.columns[index])} (cell ${
      cellName(first, index)
    }): ${mistake.message}, so the column is text`,
    hint: mistake.hint,
  };
}

/** Digits with whatever stands between them in numbers. */
const NUMBER_LIKE = /^[-+−]?\d[\d.,'’ \u00a0\u202f]*$/;
