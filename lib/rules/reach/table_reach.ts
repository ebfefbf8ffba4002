/** Rows of tables that can never decide, those that can both fit, and what no row fits. */
import type { ASTNode } from "@marcbachmann/cel-js";
import { rewrite } from "../cel/rewrite.ts";
import type { CellCondition, CellValue } from "../tables/cell.ts";
import { TimeLimit } from "../cel/evaluation.ts";
import { UNREADABLE } from "../tables/row_index.ts";
import type { TableRow } from "../tables/rows.ts";
import type { CompiledTable, InputColumn } from "../tables/table.ts";
import { ROWS_A_STEP, type Steps } from "../../util/waiting.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { type Case, caseOf, casesOf, inBoth } from "./cases.ts";
import { partOf } from "./parts.ts";
import { daysInWords, isFromFirstToLastDay, ofDays } from "./days.ts";
import {
  allBut,
  eitherOf,
  flagOf,
  isNone,
  justThese,
  type Span,
  textsFrom,
  valuesBetween,
  type ValueSet,
} from "./value_set.ts";

/**
 * Lists the cases in which a row fits.
 *
 * @param vocabulary What the inputs speak of.
 * @param inputs What its cells are compared with.
 * @param row The row.
 * @throws {TooManyCases} When there are more than are looked at.
 */
export function casesOfRow(
  vocabulary: Vocabulary,
  inputs: readonly InputColumn[],
  row: Pick<TableRow<unknown>, "conditions" | "cells">,
): readonly Case[] {
  let cases: readonly Case[] = [new Map()];
  for (const [column, { expression, type }] of inputs.entries()) {
    const condition = row.conditions[column] ?? { kind: "any" };
    if (condition.kind === "any") continue;
    cases = inBoth(cases, casesOfCell(vocabulary, expression.ast, type, condition));
  }
  return cases;
}

function casesOfCell(
  vocabulary: Vocabulary,
  node: ASTNode,
  type: InputColumn["type"],
  condition: CellCondition,
): readonly Case[] {
  if (type === "bool" && condition.kind === "value") {
    return casesOf(vocabulary, node, condition.value === true);
  }
  const part = partOf(vocabulary, node);
  const values = setInColumn(condition, type);
  // A timestamp is compared as a text, which no condition does.
  if (values !== undefined) {
    const key = type === "time" ? `${part.key} as a time` : part.key;
    return [caseOf({ ...part, key }, values)];
  }
  const { domain: _, ...rest } = part;
  // Nothing is known of a pattern but that it is the same wherever it stands.
  const { inner, isTrue } = withoutNegation(condition);
  const key = `${part.key}${FITS}${textOfCondition(inner)}`;
  // A text may be too long for a pattern.
  const canFail = part.canFail || hasPattern(inner);
  return [caseOf({ ...rest, key, canFail }, flagOf(isTrue))];
}

/** Between what a pattern is asked of and the pattern. */
const FITS = " fits ";

function withoutNegation(condition: CellCondition) {
  return condition.kind === "not"
    ? { inner: condition.condition, isTrue: false }
    : { inner: condition, isTrue: true };
}

function hasPattern(condition: CellCondition): boolean {
  switch (condition.kind) {
    case "pattern":
      return true;
    case "or":
      return condition.conditions.some(hasPattern);
    case "not":
      return hasPattern(condition.condition);
    default:
      return false;
  }
}

function textOfCondition(condition: CellCondition): string {
  switch (condition.kind) {
    case "pattern":
      return `~ ${condition.source}`;
    case "digits":
      return `${condition.from}..${condition.to}`;
    case "or":
      return condition.conditions.map(textOfCondition).join(" | ");
    case "not":
      return `!(${textOfCondition(condition.condition)})`;
    default:
      return JSON.stringify(condition);
  }
}

/**
 * Finds the values of a column that fit a cell.
 *
 * @param condition What the cell asks for, of anything but `any`.
 * @param type Of the column.
 * @returns `undefined` where they can't be listed, as of a pattern.
 */
export function setInColumn(
  condition: CellCondition,
  type: InputColumn["type"],
): ValueSet | undefined {
  const values = setOfCell(condition);
  return values !== undefined && type === "date" ? ofDays(values) : values;
}

/**
 * Finds the values that fit a cell.
 *
 * @param condition What the cell asks for, of anything but `any`.
 * @returns `undefined` where they can't be listed, as of a pattern.
 */
function setOfCell(condition: CellCondition): ValueSet | undefined {
  switch (condition.kind) {
    case "value":
      return setOfValues([condition.value]);
    case "range": {
      const { from, to, hasFrom, hasTo } = condition;
      const kind = typeof (from ?? to) === "number" ? "numbers" : "texts";
      return valuesBetween({
        from,
        to,
        hasFrom: from !== undefined && hasFrom,
        hasTo: to !== undefined && hasTo,
      }, kind);
    }
    case "prefix":
      return textsFrom(condition.prefix);
    case "not": {
      const inner = setOfCell(condition.condition);
      return inner === undefined ? undefined : allBut(inner);
    }
    case "or":
      return setOfAlternatives(condition.conditions);
    default:
      return undefined;
  }
}

function setOfAlternatives(conditions: readonly CellCondition[]): ValueSet | undefined {
  const values = conditions.flatMap((one) => one.kind === "value" ? [one.value] : []);
  const others = conditions.filter(({ kind }) => kind !== "value").map(setOfCell);
  const sets = [values.length === 0 ? [] : [setOfValues(values)], others].flat();
  const known = sets.filter((set) => set !== undefined);
  return known.length < sets.length ? undefined : known.reduce(eitherOf);
}

function setOfValues(values: readonly CellValue[]): ValueSet {
  const points = values.filter((value) => typeof value !== "boolean");
  if (points.length === values.length) return justThese(points);
  return values.map((value) => flagOf(value === true)).reduce(eitherOf);
}

/** Two rows of a table, by their lines. */
export interface RowPair {
  readonly earlier: number;
  readonly later: number;
}

/** A value that a row lists, or what stands for all of them. */
type Point = readonly (CellValue | typeof UNREADABLE)[];

/** The values that one row lists; a row that lists more is passed over. */
const MAX_POINTS = 100;

/**
 * Finds rows whose listed values earlier rows take, however many rows there are.
 *
 * @param table The table.
 * @returns Each such row once, with the first row that takes some of it.
 */
export function* findTakenRows(
  { rows, index }: CompiledTable<unknown>,
): Steps<readonly RowPair[]> {
  let leftMs = MAX_SEARCH_MS;
  let limit = new TimeLimit(leftMs);
  const taken: RowPair[] = [];
  try {
    let startedAt = performance.now();
    for (const [at, row] of rows.entries()) {
      if (at % ROWS_A_STEP === 0) {
        // The time of others, who have their turn meanwhile, does not count.
        leftMs -= performance.now() - startedAt;
        yield;
        limit = new TimeLimit(leftMs);
        startedAt = performance.now();
      }
      const points = pointsOf(row.conditions);
      const takers = points?.map((point) => index.find(point, 1, limit)[0] ?? at) ?? [];
      const [first] = takers;
      const taker = first === undefined ? undefined : rows[first];
      if (taker === undefined || takers.some((taker) => taker >= at)) continue;
      taken.push({ earlier: taker.line, later: row.line });
    }
  } catch {
    // There was no time left: what is not found is not told.
  }
  return taken;
}

/** Rows that list no values are looked at one by one; so many take too long for each other. */
const MAX_SEARCH_MS = 1000;

/** All that a row takes, where that can be listed; a row that takes anything needs one that does too. */
function pointsOf(conditions: readonly CellCondition[]): readonly Point[] | undefined {
  let points: readonly Point[] = [[]];
  for (const condition of conditions) {
    const listed = listedBy(condition);
    if (listed === undefined || points.length * listed.length > MAX_POINTS) return undefined;
    points = points.flatMap((point) => listed.map((value): Point => [...point, value]));
  }
  return points;
}

function listedBy(condition: CellCondition): Point | undefined {
  switch (condition.kind) {
    case "any":
      return [UNREADABLE];
    case "value":
      return [condition.value];
    case "or": {
      const all = condition.conditions.map(listedBy);
      return all.every((one) => one !== undefined) ? all.flat() : undefined;
    }
    default:
      return undefined;
  }
}

/**
 * Says which documents are in a case.
 *
 * @param one The case.
 * @param inputs The columns, by which its parts are called.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const between = { from: 500, to: 600, hasFrom: false, hasTo: false };
 * const values = { kind: "numbers", spans: [between] } as const;
 * const one = new Map([["order.total", { values, failure: false, canFail: false }]]);
 * assertEquals(describeCase(one, []), "order.total between 500 and 600");
 * ```
 */
export function describeCase(one: Case, inputs: readonly InputColumn[]): string {
  const names = new Map(inputs.map(({ name, expression }) => [rewrite(expression.ast), name]));
  return [...one].map(([key, { values, failure }]) => {
    const [part = key, ...asked] = key.split(FITS);
    const name = names.get(part) ?? part;
    if (asked.length > 0 && values.kind === "flags") {
      return `${name} ${values.hasTrue ? "fitting" : "not fitting"} ${asked.join(FITS)}`;
    }
    if (isNone(values) && failure) return `${name} cannot be read`;
    return `${name} ${setInWords(values)}`;
  }).join(", ");
}

function setInWords(set: ValueSet): string {
  if (set.kind === "flags") return set.hasTrue ? "true" : "false";
  const [first] = set.spans;
  const { from, to } = first ?? {};
  if (from === undefined && to === undefined) return "whatever it is";
  if (from !== undefined && from === to) return JSON.stringify(from);
  if (set.kind === "texts") {
    const named = set.spans.slice(1, 4).map((span, at) => holeInWords(set.spans[at], span));
    if (named.length > 0 && (from === undefined || isFromFirstToLastDay(set.spans))) {
      return `not ${named.join(", ")}${set.spans.length > 4 ? " …" : ""}`;
    }
    const isBounded = from !== undefined && to !== undefined;
    return (isBounded ? daysInWords(String(from), String(to)) : undefined) ?? "of other texts";
  }
  if (from === undefined) return `below ${to}`;
  return to === undefined ? `above ${from}` : `between ${from} and ${to}`;
}

/** What lies between two spans of texts, as a cell says it. */
function holeInWords(before: Span | undefined, behind: Span): string {
  const end = String(behind.from ?? "");
  const start = String(before?.to ?? end);
  if (start === end) return JSON.stringify(end);
  const days = behind.hasFrom ? daysInWords(start, end) : undefined;
  if (days !== undefined) return days;
  const last = behind.hasFrom ? lastBefore(end) : end;
  return start === last ? `${start}*` : `${start}..${last}`;
}

/** What `after` made a text of. */
function lastBefore(text: string): string {
  const unit = text.charCodeAt(text.length - 1);
  return text.slice(0, -1) + String.fromCharCode(Math.max(0, unit - 1));
}
