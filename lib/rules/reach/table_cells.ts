/** Rows of a table that can both fit, and cells that ask for what never is. */
import type { ASTNode } from "@marcbachmann/cel-js";
import { childrenOf } from "../cel/syntax_tree.ts";
import { rewrite } from "../cel/rewrite.ts";
import { type CellCondition, type CellValue, fitsCell } from "../tables/cell.ts";
import { ofLine, type TableFinding } from "../tables/rule_table.ts";
import type { TableRow } from "../tables/rows.ts";
import type { CompiledTable } from "../tables/table.ts";
import { ROWS_A_STEP, type Steps } from "../../util/waiting.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { isMap, literalOf } from "./operands.ts";
import { entryOf, neverIs, partOf } from "./parts.ts";
import { findTakenRows, type RowPair, setInColumn } from "./table_reach.ts";
import { bothOf, isNone, type ValueSet } from "./value_set.ts";

/** More pairs are not compared one by one: two rows that both fit are told when it happens, too. */
const MAX_PAIRS = 500_000;

/**
 * Finds rows that can both fit. Told only where there are orders that both fit: what columns are
 * compared with must not depend on each other.
 *
 * @param vocabulary What the inputs speak of.
 * @param table The table.
 */
export function* findOverlappingRows(
  vocabulary: Vocabulary,
  table: CompiledTable<unknown>,
): Steps<readonly RowPair[]> {
  const { inputs, rows } = table;
  // A row that takes all of another fits wherever that one does.
  if (rows.length * rows.length / 2 > MAX_PAIRS) return yield* findTakenRows(table);
  const sets = rows.map(({ conditions }) =>
    conditions.map((one, column) =>
      one.kind === "any" ? "any" as const : setInColumn(one, inputs[column]?.type ?? "text")
    )
  );
  const domains = inputs.map(({ expression }) => partOf(vocabulary, expression.ast).domain);
  const fields = inputs.map(({ expression }) => fieldsIn(vocabulary, expression.ast));
  const isFree = inputs.map(({ expression: { ast } }, at) =>
    domains[at] !== undefined || isPlainComparison(ast) || canBeAny(vocabulary, ast)
  );
  const found: RowPair[] = [];
  for (const [later, row] of rows.entries()) {
    yield;
    for (let earlier = 0; earlier < later; earlier++) {
      const other = rows[earlier];
      if (other === undefined || !bothFit(sets[earlier] ?? [], sets[later] ?? [], other, row)) {
        continue;
      }
      found.push({ earlier: other.line, later: row.line });
    }
  }
  return found;

  function bothFit(
    a: readonly (ValueSet | "any" | undefined)[],
    b: readonly (ValueSet | "any" | undefined)[],
    one: TableRow<unknown>,
    other: TableRow<unknown>,
  ): boolean {
    const asked: number[] = [];
    for (const column of inputs.keys()) {
      const [left, right] = [a[column], b[column]];
      if (left === "any" && right === "any") continue;
      asked.push(column);
      const isSame = one.cells[column] === other.cells[column];
      if (isSame && left !== undefined) continue;
      if (!isFree[column]) return false;
      if (left === undefined || right === undefined) {
        if (meetInDigits(one.conditions[column], other.conditions[column])) continue;
        return false;
      }
      const set = left === "any" ? right : right === "any" ? left : bothOf(left, right);
      if (set === "any") continue;
      const domain = domains[column];
      if (isNone(domain === undefined ? set : bothOf(set, domain))) return false;
    }
    return areIndependent(asked.map((column) => fields[column] ?? []), vocabulary);
  }
}

/** Whether a text of digits fits two cells, of which one asks for a range of such texts. */
function meetInDigits(one: CellCondition = ANY, other: CellCondition = ANY): boolean {
  return [...textsIn(one), ...textsIn(other)]
    .some((text) => fitsCell(one, text) && fitsCell(other, text));
}

const ANY = { kind: "any" } as const;

/** The texts that a cell names, the ends of its ranges too; none where a pattern is asked for. */
function textsIn(condition: CellCondition): readonly CellValue[] {
  switch (condition.kind) {
    case "value":
      return [condition.value];
    case "digits":
      return [condition.from, condition.to];
    case "or":
      return condition.conditions.flatMap(textsIn);
    default:
      return [];
  }
}

/**
 * Whether no two columns look at the same: at one field, at two of which one tells of the other, as
 * `state` and `stateCode`, or at what changes and at a list that may hold it.
 */
function areIndependent(columns: readonly (readonly string[])[], vocabulary: Vocabulary): boolean {
  const { changing = [] } = vocabulary.definition;
  const isChanging = (field: string) => changing.includes(field.split(".")[0] ?? "");
  const all = columns.flat();
  if (all.some(isChanging) && all.some((field) => LISTS.test(field))) return false;
  return all.every((one, at) =>
    all.every((other, place) => at === place || !`${other}.`.startsWith(one))
  );
}

/** What holds elements, of which the changing variable is one. */
const LISTS = /\.(?:items|deliveries)$|^[^.]*$/;

/** The fields and properties that an expression reads, each as a whole. */
function fieldsIn(vocabulary: Vocabulary, node: ASTNode): readonly string[] {
  const entry = entryIn(vocabulary, node);
  if (entry !== undefined) return [entry];
  if (isField(node)) return [rewrite(node)];
  return [...new Set(childrenOf(node).flatMap((one) => fieldsIn(vocabulary, one)))];
}

/** The property that is read, or asked for by `'Paper' in item.properties` and `has(…)`. */
function entryIn(vocabulary: Vocabulary, node: ASTNode): string | undefined {
  if (node.op === "." || node.op === "[]") {
    const [map, name] = node.args;
    const key = typeof name === "string" ? name : literalOf(name);
    return isMap(vocabulary, map) && typeof key === "string" ? entryOf(map, key).key : undefined;
  }
  if (node.op === "in") {
    const [name, map] = node.args;
    const key = literalOf(name);
    return isMap(vocabulary, map) && typeof key === "string" ? entryOf(map, key).key : undefined;
  }
  if (node.op !== "call" || node.args[0] !== "has") return undefined;
  const [argument] = node.args[1];
  return argument === undefined ? undefined : entryIn(vocabulary, argument);
}

/** Whether there is a document for every value: a field, a property, the number that one holds. */
function canBeAny(vocabulary: Vocabulary, node: ASTNode): boolean {
  if (node.op === "?:") {
    const [condition, yes] = node.args;
    const asked = condition.op === "in" || condition.op === "call"
      ? entryIn(vocabulary, condition)
      : undefined;
    // It is there whenever it has a value.
    return asked !== undefined && canBeAny(vocabulary, yes) &&
      fieldsIn(vocabulary, yes).every((field) => field === asked);
  }
  if (node.op === "call") {
    const [name, [first]] = node.args;
    return name === "number" && first !== undefined && canBeAny(vocabulary, first);
  }
  return isField(node) || entryIn(vocabulary, node) !== undefined;
}

function isField(node: ASTNode): boolean {
  return node.op === "id" || (node.op === "." && isField(node.args[0]));
}

/** `field > 5` may be true and false. */
function isPlainComparison(node: ASTNode): boolean {
  switch (node.op) {
    case "<":
    case "<=":
    case ">":
    case ">=":
    case "==":
    case "!=":
      return isField(node.args[0]) && literalOf(node.args[1]) !== undefined;
    default:
      return false;
  }
}

/**
 * Finds cells that ask for what their column never is, as of `Samstag` where days are in English.
 *
 * @param vocabulary What the inputs speak of.
 * @param table The table.
 */
export function* findNeverCells(
  vocabulary: Vocabulary,
  { inputs, rows, table }: CompiledTable<unknown>,
): Steps<readonly TableFinding[]> {
  const found: TableFinding[] = [];
  for (const [column, { name, expression: { ast } }] of inputs.entries()) {
    const told = new Set<CellValue>();
    for (const [at, row] of rows.entries()) {
      if (at % ROWS_A_STEP === 0) yield;
      for (const value of valuesIn(row.conditions[column] ?? { kind: "any" })) {
        const never = told.has(value) ? undefined : neverIs(vocabulary, ast, value);
        told.add(value);
        if (never === undefined) continue;
        const where = `column ${JSON.stringify(name)}`;
        found.push(
          ofLine(table, row.line, `${where}: ${never.message}`, `It is ${never.words}`),
        );
      }
    }
  }
  return found;
}

function valuesIn(condition: CellCondition): readonly CellValue[] {
  switch (condition.kind) {
    case "value":
      return [condition.value];
    case "or":
      return condition.conditions.flatMap(valuesIn);
    case "not":
      return valuesIn(condition.condition);
    default:
      return [];
  }
}
