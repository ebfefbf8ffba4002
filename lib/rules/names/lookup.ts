/** `lookup(table, key, column)`: what a table of the config says in the row of a key. */
import type { ASTNode, Environment } from "@marcbachmann/cel-js";
import { childrenOf } from "../cel/syntax_tree.ts";
import type { MistakeAtOffset } from "../mistakes/syntax.ts";
import { readNumberCell, readTruthCell, type SheetStyle } from "../tables/numbers.ts";
import { styleOf } from "../tables/rows.ts";
import { ofLine, type RuleTable, type TellOfTable } from "../tables/rule_table.ts";
import { cellName, plainText, type Sheet } from "../tables/sheet.ts";
import { nearest } from "../../util/words.ts";
import type { Vocabulary } from "../vocabulary.ts";

/** What rules call it. */
const LOOKUP = "lookup";

/** What the language calls it, by the type of the column: the names are as long as its own. */
const CALLS = { text: "look_t", number: "look_n", bool: "look_b" } as const;

/** What a column holds. */
type ColumnType = keyof typeof CALLS;

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
 * Finds the calls of `lookup` in an expression, and the types of what they give.
 *
 * @param node The root of the expression; it need not have passed the type check.
 * @param vocabulary The tables there are.
 * @returns By what the language calls each of them, or what is wrong with one.
 */
export function findLookups(
  node: ASTNode,
  vocabulary: Vocabulary,
): ReadonlyMap<ASTNode, string> | MistakeAtOffset {
  const calls = new Map<ASTNode, string>();
  function visit(part: ASTNode): MistakeAtOffset | undefined {
    if (part.op === "call" && part.args[0] === LOOKUP) {
      const found = callOf(part, part.args[1], vocabulary);
      if (typeof found !== "string") return found;
      calls.set(part, found);
    }
    for (const child of childrenOf(part)) {
      const mistake = visit(child);
      if (mistake !== undefined) return mistake;
    }
    return undefined;
  }
  return visit(node) ?? calls;
}

const EXAMPLE = "For example: lookup('customers', order.user.externalId, 'group')";

function callOf(
  { pos }: ASTNode,
  [table, key, column]: readonly ASTNode[],
  { named }: Vocabulary,
): string | MistakeAtOffset {
  if (table === undefined || key === undefined || column === undefined) {
    return { message: "lookup() takes a table, a key and a column", offset: pos, hint: EXAMPLE };
  }
  const [tableName, columnName] = [textIn(table), textIn(column)];
  if (tableName === undefined || columnName === undefined) {
    const { pos: offset } = tableName === undefined ? table : column;
    const what = tableName === undefined ? "table" : "column";
    return { message: `The name of the ${what} must stand here in quotes`, offset, hint: EXAMPLE };
  }
  const tables = named?.tables ?? new Map<string, RuleTable>();
  const found = tables.get(tableName);
  if (found === undefined) {
    return {
      message: `There is no table ${JSON.stringify(tableName)}`,
      offset: table.pos,
      hint: suggestion(tableName, [...tables.keys()]) ??
        "A table is a CSV to which the config gives a name in its tables",
    };
  }
  if (Object.keys(found.inputs).length > 0 && found.key === undefined) {
    return {
      message: `The table ${JSON.stringify(tableName)} has inputs: its rows are rules`,
      offset: table.pos,
      hint: "Give it a key, the column to look in, or use it as the table of a rule",
    };
  }
  named?.use("tables", tableName);
  const opened = named?.lookup(tableName);
  // What is wrong with its file was told; here nothing more is known of it.
  if (opened === undefined) return CALLS.text;
  const type = opened.types.get(columnName);
  if (type !== undefined) return CALLS[type];
  return {
    message: `${opened.file} has no column ${JSON.stringify(columnName)}`,
    offset: column.pos,
    hint: suggestion(columnName, [...opened.types.keys()]),
  };
}

function suggestion(name: string, known: readonly string[]): string | undefined {
  const near = nearest(name, known);
  if (near !== undefined) return `Did you mean '${near}'?`;
  return known.length === 0 ? undefined : `There is ${known.map((one) => `'${one}'`).join(", ")}`;
}

function textIn(node: ASTNode): string | undefined {
  return node.op === "value" && typeof node.args === "string" ? node.args : undefined;
}

/** Writes what the language calls a lookup as rules call it. */
export function lookupInWords(text: string): string {
  return text.replaceAll(/\blook_[tnb]\b/g, LOOKUP);
}

/**
 * Adds what {@linkcode findLookups} names.
 *
 * @param environment Where to add it.
 * @param open Opens a table.
 */
export function addLookups(
  environment: Environment,
  open: (table: string) => LookupTable | undefined,
): void {
  const fallbacks = { text: ["string"], number: ["double", "int"], bool: ["bool"] };
  const results = { text: "string", number: "double", bool: "bool" };
  for (const type of ["text", "number", "bool"] as const) {
    for (const key of ["string", "double", "int"]) {
      const call = `${CALLS[type]}(string, ${key}, string`;
      const find = (table: string, key: string | number | bigint, column: string) =>
        open(table)?.find(typeof key === "bigint" ? Number(key) : key, column);
      environment.registerFunction(
        `${call}): ${results[type]}`,
        (table: string, key: string | number | bigint, column: string) =>
          find(table, key, column) ?? missing(type, open(table), key, column),
      );
      for (const fallback of fallbacks[type]) {
        environment.registerFunction(
          `${call}, ${fallback}): ${results[type]}`,
          (table: string, key: string | number | bigint, column: string, otherwise: unknown) =>
            find(table, key, column) ??
              (typeof otherwise === "bigint" ? Number(otherwise) : otherwise),
        );
      }
    }
  }
}

/** As of a field that an order does not have; a number is no number then. */
function missing(
  type: ColumnType,
  table: LookupTable | undefined,
  key: string | number | bigint,
  column: string,
): string | boolean {
  if (type === "text") return "";
  if (type === "bool") return false;
  const shown = JSON.stringify(String(key).slice(0, 40));
  throw new RangeError(`${table?.file} has no ${JSON.stringify(column)} for ${shown}`);
}

/**
 * Opens a table to look something up.
 *
 * @param table The table, whose sheet could be read.
 * @param sheet Its sheet.
 * @param tell Takes each mistake.
 * @param warn Takes what works but can't be meant.
 */
export function openLookup(
  table: RuleTable,
  sheet: Sheet,
  tell: TellOfTable,
  warn: TellOfTable,
): LookupTable | undefined {
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
  for (const [at, { cells, line }] of records.entries()) {
    const key = plainText(cells[keyAt] ?? "");
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
  const opened = new Map(columns.flatMap((name, index) => {
    if (name === "") return [];
    return [
      [name, readColumn(records.map(({ cells }) => plainText(cells[index] ?? "")), style)] as const,
    ];
  }));
  for (const [index, name] of columns.entries()) {
    const odd = opened.get(name)?.type === "text" ? findOddNumber(sheet, index) : undefined;
    if (odd !== undefined) warn(ofLine(table, odd.line, odd.message, odd.hint));
  }
  return {
    file: table.file,
    types: new Map([...opened].map(([name, { type }]) => [name, type])),
    find(key, column) {
      const row = rows.get(typeof key === "string" ? key.trim() : key);
      return row === undefined ? undefined : opened.get(column)?.values[row];
    },
  };
}

/** A number that begins with a zero is a text: a postcode, an id. */
const CODE = /^[-+]?0\d/;

/** Of one type if all that stands there is. */
function readColumn(cells: readonly string[], style: SheetStyle) {
  const filled = cells.filter((cell) => cell !== "");
  const isNumber = filled.length > 0 &&
    filled.every((cell) => !CODE.test(cell) && typeof readNumberCell(cell, style) === "number");
  const isTruth = filled.length > 0 &&
    filled.every((cell) => typeof readTruthCell(cell) === "boolean");
  const type: ColumnType = isNumber ? "number" : isTruth ? "bool" : "text";
  const values = cells.map((cell) => {
    if (cell === "") return undefined;
    if (type === "text") return cell;
    const value = type === "number" ? readNumberCell(cell, style) : readTruthCell(cell);
    return typeof value === "object" ? undefined : value;
  });
  return { type, values };
}

/** A cell that keeps a column of numbers from being one, though a number is meant. */
function findOddNumber(sheet: Sheet, index: number) {
  const style = styleOf(sheet);
  const cells = sheet.records.map((record) => ({ record, cell: record.cells[index] ?? "" }))
    .filter(({ cell }) => cell !== "");
  const odd = cells.filter(({ cell }) => typeof readNumberCell(cell, style) !== "number");
  const [first] = odd;
  // Of codes and of words nobody means numbers.
  if (first === undefined || 2 * odd.length > cells.length) return undefined;
  if (
    cells.some(({ cell }) => CODE.test(cell)) || odd.some(({ cell }) => !NUMBER_LIKE.test(cell))
  ) {
    return undefined;
  }
  const mistake = readNumberCell(first.cell, style);
  if (typeof mistake === "number") return undefined;
  return {
    line: first.record.line,
    message: `column ${JSON.stringify(sheet.columns[index])} (cell ${
      cellName(first.record, index)
    }): ${mistake.message}, so the column is text`,
    hint: mistake.hint,
  };
}

/** Digits with whatever stands between them in numbers. */
const NUMBER_LIKE = /^[-+−]?\d[\d.,'’ \u00a0\u202f]*$/;
