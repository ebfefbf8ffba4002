/** Reads the rows of a decision table. */
import { ROWS_A_STEP, type Steps } from "../../util/waiting.ts";
import { nearest } from "../../util/words.ts";
import type { CellCondition, CellType } from "./cell.ts";
import type { CellMistake, SheetStyle } from "./numbers.ts";
import { isOutcomeColumn, type OutcomeColumns } from "./outcome.ts";
import { parseCell } from "./parse_cell.ts";
import { ofLine, type RuleTable, type TellOfTable } from "./rule_table.ts";
import { cellName, plainText, type Sheet, type SheetRecord } from "./sheet.ts";

/** A row. */
export interface TableRow<Outcome> {
  /** The line of the file on which it begins. */
  readonly line: number;
  /** What it asks for, one an input. */
  readonly conditions: readonly CellCondition[];
  /** The same as it is written. */
  readonly cells: readonly string[];
  readonly outcome: Outcome;
  /** What stands in the column `note`; `""` for nothing. */
  readonly note: string;
}

/** A column that is compared with something. */
interface Input {
  readonly name: string;
  readonly type: CellType;
}

/** The column of what people note of a row. */
const NOTE = "note";

/**
 * Reads the rows of a sheet.
 *
 * @param sheet The sheet.
 * @param inputs What its columns are compared with.
 * @param outcomes The outcomes that it may name.
 * @param table The table, for what is told.
 * @param tell Takes each mistake.
 * @returns The rows; `undefined` where there is a mistake.
 */
export function* readRows<Outcome>(
  sheet: Sheet,
  inputs: readonly Input[],
  outcomes: OutcomeColumns<Outcome>,
  table: RuleTable,
  tell: TellOfTable,
): Steps<readonly TableRow<Outcome>[] | undefined> {
  let isSound = sheet.mistakes.length === 0;
  const complain: TellOfTable = (finding) => {
    isSound = false;
    tell(finding);
  };
  const columns = findColumns(sheet, inputs, outcomes, table, complain);
  const style = styleOf(sheet);
  // A column repeats its few texts: each is read once.
  const known = inputs.map(() => new Map<string, CellCondition | CellMistake>());
  const outcomesRead = new Map<string, ReturnType<typeof outcomes.read>>();
  const ofCell = (record: SheetRecord, index: number, mistake: CellMistake) => {
    const where = `column ${JSON.stringify(sheet.columns[index])} (cell ${
      cellName(record, index)
    })`;
    complain(ofLine(table, record.line, `${where}: ${mistake.message}`, mistake.hint));
  };
  const rows: TableRow<Outcome>[] = [];
  for (const [position, record] of sheet.records.entries()) {
    if (position % ROWS_A_STEP === 0) yield;
    const cells = columns.inputs.map((index) => record.cells[index] ?? "");
    const conditions = cells.map((cell, at): CellCondition => {
      const parsed = known[at]?.get(cell) ?? parseCell(cell, inputs[at]?.type ?? "text", style);
      known[at]?.set(cell, parsed);
      if (!("message" in parsed)) return parsed;
      ofCell(record, columns.inputs[at] ?? 0, parsed);
      return { kind: "any" };
    });
    const said = columns.outcomes.map(({ index }) => plainText(record.cells[index] ?? ""));
    const text = said.length === 1 ? said[0] ?? "" : JSON.stringify(said);
    let read = outcomesRead.get(text);
    if (read === undefined) {
      const given = new Map(columns.outcomes.flatMap(({ name }, at) => {
        const cell = said[at] ?? "";
        return cell === "" ? [] : [[name, cell]];
      }));
      outcomesRead.set(text, read = outcomes.read(given, style));
    }
    if ("message" in read) {
      const column = columns.outcomes.find(({ name }) => name === read.column);
      if (column !== undefined) ofCell(record, column.index, read);
      else complain(ofLine(table, record.line, read.message, read.hint));
      continue;
    }
    const note = columns.note === undefined ? "" : record.cells[columns.note] ?? "";
    rows.push({ line: record.line, conditions, cells, outcome: read.outcome, note });
  }
  if (rows.length === 0 && isSound) {
    complain(ofLine(table, 1, "found the names of columns and no row below"));
  }
  return isSound ? rows : undefined;
}

/**
 * Tells how a sheet writes numbers.
 *
 * @param sheet The sheet; cells are separated by semicolons where the comma stands in numbers.
 */
export function styleOf({ separator }: Pick<Sheet, "separator">): SheetStyle {
  return { hasDecimalComma: separator === ";" };
}

/** Which columns are what, by their index. */
interface Columns {
  /** One an input; -1 for one that is missing. */
  readonly inputs: readonly number[];
  readonly outcomes: readonly { readonly name: string; readonly index: number }[];
  readonly note: number | undefined;
}

function findColumns(
  { columns }: Sheet,
  inputs: readonly Input[],
  outcomes: OutcomeColumns<unknown>,
  table: RuleTable,
  tell: TellOfTable,
): Columns {
  const names = inputs.map(({ name }) => name);
  const indexes = names.map((name) => indexOfColumn(columns, name));
  for (const [at, name] of names.entries()) {
    if (indexes[at] !== -1 || columns.length === 0) continue;
    const near = nearest(name, columns);
    tell({
      at: ["tables", table.name, "inputs", name],
      message: `${table.file} has no column ${JSON.stringify(name)}`,
      hint: near === undefined ? `It has ${listed(columns)}` : `Did you mean ${quoted(near)}?`,
    });
  }
  const found: { name: string; index: number }[] = [];
  let note: number | undefined;
  for (const [index, column] of columns.entries()) {
    const lower = column.toLowerCase();
    const name = outcomes.names.find((one) => one.toLowerCase() === lower) ?? column;
    if (column === "" || column.startsWith("#") || indexes.includes(index)) continue;
    // That a name stands twice is told where the sheet is read.
    if (columns.indexOf(column) < index) continue;
    if (isOutcomeColumn(name, outcomes)) found.push({ name, index });
    else if (lower === NOTE) note = index;
    else {
      const near = nearest(column, [...names, ...outcomes.names, NOTE]);
      const cell = cellName({ number: 1 }, index);
      tell(ofLine(
        table,
        1,
        `column ${quoted(column)} (cell ${cell}) is no input and no outcome`,
        near === undefined
          ? `Add it to the table's "inputs", or write # before its name to leave it out; ` +
            `outcomes are ${outcomes.names.join(", ")}`
          : `Did you mean ${quoted(near)}? Write # before the name of a column to leave it out`,
      ));
    }
  }
  if (found.length === 0 && columns.length > 0) {
    tell(ofLine(
      table,
      1,
      "found no column with an outcome",
      `Name a column ${outcomes.names.join(" or ")}`,
    ));
  }
  return { inputs: indexes, outcomes: found, note };
}

/** A column by its name; the case counts where two differ in nothing else. */
function indexOfColumn(columns: readonly string[], name: string): number {
  const exact = columns.indexOf(name.trim());
  if (exact !== -1) return exact;
  return columns.findIndex((one) => one.toLowerCase() === name.trim().toLowerCase());
}

function quoted(name: string): string {
  return JSON.stringify(name);
}

function listed(columns: readonly string[]): string {
  return columns.filter((name) => name !== "").map(quoted).join(", ");
}
