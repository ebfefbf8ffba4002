/** A decision table: a sheet whose rows are rules. */
import { type EvaluationCache, RuleFailure } from "../cel/evaluation.ts";
import type { DecidingRow, TableText } from "../decision.ts";
import { compileValue, type ValueExpression } from "../expression.ts";
import { typeInWords } from "../mistakes/names.ts";
import type { Steps } from "../../util/waiting.ts";
import { messageOf } from "../../util/words.ts";
import { zonedTimeOf } from "../../util/time_zone.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { CellType, CellValue } from "./cell.ts";
import { readRows, type TableRow } from "./rows.ts";
import { createRowIndex, type RowIndex, type RowValues, UNREADABLE } from "./row_index.ts";
import type { OutcomeColumns } from "./outcome.ts";
import type { RuleTable, TellOfTable } from "./rule_table.ts";

/** A column that is compared with something, ready. */
export interface InputColumn {
  /** The name of the column. */
  readonly name: string;
  readonly expression: ValueExpression;
  readonly type: CellType;
}

/** A decision table, ready. */
export interface CompiledTable<Outcome> {
  readonly table: RuleTable;
  readonly text: TableText;
  readonly inputs: readonly InputColumn[];
  readonly rows: readonly TableRow<Outcome>[];
  /** Finds rows by the values of the inputs. */
  readonly index: RowIndex;
  /**
   * Finds the row that decides.
   *
   * @param context What its inputs see.
   * @param cache What it shares with other evaluations of the same document.
   * @throws What a getter of the context threw, unchanged.
   */
  find(context: object, cache: EvaluationCache): FoundRow<Outcome>;
}

/** What a table says of a subject. */
export interface FoundRow<Outcome> {
  /** The row that decides, if one does. */
  readonly row?: TableRow<Outcome>;
  /** Why a column could not be read, or no row can be chosen. */
  readonly failure?: string;
}

/**
 * Compiles a table for the rules of a kind of endpoint.
 *
 * @param vocabulary What its inputs may speak of.
 * @param table The table.
 * @param outcomes The outcomes that the kind knows.
 * @param tell Takes each mistake.
 * @returns The table; `undefined` where it has mistakes.
 */
export function* compileTable<Outcome>(
  vocabulary: Vocabulary,
  table: RuleTable,
  outcomes: OutcomeColumns<Outcome>,
  tell: TellOfTable,
): Steps<CompiledTable<Outcome> | undefined> {
  const inputs = compileInputs(vocabulary, table, tell);
  if (table.sheet === undefined || inputs === undefined) return undefined;
  const rows = yield* readRows(table.sheet, inputs, outcomes, table, tell);
  if (rows === undefined) return undefined;
  const index = yield* createRowIndex(rows.map(({ conditions }) => conditions));
  const most = table.hit === "unique" ? 2 : 1;
  return {
    table,
    inputs,
    rows,
    index,
    text: {
      file: table.file,
      inputs: Object.fromEntries(inputs.map(({ name, expression }) => [name, expression.expanded])),
    },
    find(context, cache) {
      const { values, failure } = readInputs(inputs, context, cache);
      let found: readonly number[];
      try {
        found = index.find(values, most, cache.timeLimit);
      } catch (error) {
        return { failure: messageOf(error) };
      }
      const [first, second] = found.map((at) => rows[at]);
      if (first !== undefined && second !== undefined) {
        return { failure: `lines ${first.line} and ${second.line} of ${table.file} both fit` };
      }
      return {
        ...(first !== undefined && { row: first }),
        ...(failure !== undefined && { failure }),
      };
    },
  };
}

/**
 * Says of a row that it decided.
 *
 * @param rule The name of the rule that has the table.
 * @param compiled The table.
 * @param row The row.
 */
export function decidingRow(
  rule: string,
  { inputs }: Pick<CompiledTable<unknown>, "inputs">,
  row: TableRow<unknown>,
): DecidingRow {
  // Each rule has rows of its own.
  let deciding = decidingRows.get(row);
  if (deciding === undefined) decidingRows.set(row, deciding = describeRow(rule, inputs, row));
  return deciding;
}

/** Of rows that have decided once: they are likely to do so again. */
const decidingRows = new WeakMap<TableRow<unknown>, DecidingRow>();

function describeRow(
  rule: string,
  inputs: readonly InputColumn[],
  { line, cells, note }: TableRow<unknown>,
): DecidingRow {
  const asking = inputs.flatMap(({ name }, index) => {
    const cell = cells[index] ?? "";
    return cell === "" || cell === "*" ? [] : [[name, shortened(cell)] as const];
  });
  return { rule, line, cells: Object.fromEntries(asking), ...(note !== "" && { note }) };
}

/** More of a cell is not kept with each decision. */
const LONGEST_CELL = 120;

function shortened(cell: string): string {
  return cell.length > LONGEST_CELL ? `${cell.slice(0, LONGEST_CELL)}…` : cell;
}

function readInputs(
  inputs: readonly InputColumn[],
  context: object,
  cache: EvaluationCache,
): { readonly values: RowValues; readonly failure?: string } {
  let failure: string | undefined;
  const values = inputs.map(({ name, expression, type }) => {
    try {
      return cellValue(expression.read(context, cache), type, cache);
    } catch (error) {
      if (!(error instanceof RuleFailure)) throw error;
      failure ??= `column ${JSON.stringify(name)}: ${error.reason}`;
      return UNREADABLE;
    }
  });
  return { values, ...(failure !== undefined && { failure }) };
}

function cellValue(value: unknown, type: CellType, cache: EvaluationCache): CellValue {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  if (typeof value === "bigint") return Number(value);
  if (type !== "time" || !(value instanceof Date)) throw new RuleFailure("it has no plain value");
  cache.usesTimeZone = true;
  const { year, month, day, hour, minute, second } = zonedTimeOf(value.getTime(), cache.timeZone);
  const two = (part: number) => String(part).padStart(2, "0");
  const date = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
  return `${date}T${two(hour)}:${two(minute)}:${two(second)}`;
}

const TYPES: ReadonlyMap<string, CellType> = new Map([
  ["double", "number"],
  ["int", "number"],
  ["uint", "number"],
  ["string", "text"],
  ["bool", "bool"],
  ["google.protobuf.Timestamp", "time"],
]);

function compileInputs(
  vocabulary: Vocabulary,
  { inputs, name: table }: RuleTable,
  tell: TellOfTable,
): readonly InputColumn[] | undefined {
  const compiled: InputColumn[] = [];
  for (const [name, source] of Object.entries(inputs)) {
    const at = ["tables", table, "inputs", name];
    const expression = compileValue(vocabulary, source, "Write a field, e.g. order.currency");
    if ("message" in expression) {
      const { line, column, message, hint } = expression;
      const place = line === 1 ? `column ${column}` : `line ${line}, column ${column}`;
      tell({ at, message: `Input ${JSON.stringify(name)}, ${place}: ${message}`, hint });
      continue;
    }
    const type = TYPES.get(expression.type);
    if (type === undefined) {
      const found = typeInWords(expression.type);
      const message = `Input ${JSON.stringify(name)} is ${found}, wanted text, a number, ` +
        "true/false or a time";
      tell({ at, message, hint: "Name a field of it, or count a list with size()" });
      continue;
    }
    const isDate = expression.ast.op === "rcall" && expression.ast.args[0] === "date";
    compiled.push({ name, expression, type: isDate ? "date" : type });
  }
  return compiled.length < Object.keys(inputs).length ? undefined : compiled;
}
