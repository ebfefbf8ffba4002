/** `lookup(table, key, column)`: what a table of the config says in the row of a key. */
import type { ASTNode, Environment } from "@marcbachmann/cel-js";
import { childrenOf } from "../cel/syntax_tree.ts";
import type { MistakeAtOffset } from "../mistakes/syntax.ts";
import type { RuleTable } from "../tables/rule_table.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { type ColumnType, type LookupTable, suggestion } from "./lookup_table.ts";

/** What rules call it. */
const LOOKUP = "lookup";

/** What the language calls it, by the type of the column: the names are as long as its own. */
const CALLS: Readonly<Record<ColumnType, string>> = {
  text: "look_t",
  number: "look_n",
  bool: "look_b",
};

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

const FIRST_ARGUMENT = /\blookup\s*\(\s*(?:"([^"\\]*)"|'([^'\\]*)')/g;

/**
 * Finds the tables in which a text looks something up, without reading what else it says: they can be
 * opened before it is compiled. One that is named in another way is opened then.
 *
 * @param text The text of an expression, or any other.
 * @returns Their names.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(tablesNamedIn("lookup('plants', item.id, 'plant') == 'Ghent'"), ["plants"]);
 * ```
 */
export function tablesNamedIn(text: string): readonly string[] {
  if (!text.includes(LOOKUP)) return [];
  return Array.from(text.matchAll(FIRST_ARGUMENT), ([, double, single]) => double ?? single ?? "");
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
