/**
 * Finds the rows that fit without looking at all of them. Rows are kept by the values, and the
 * beginnings of values, that their cells list; those alone are looked at whose listed values are
 * the given ones. Where many rows list the same and differ in ranges, they are kept by these too.
 */
import type { TimeLimit } from "../cel/evaluation.ts";
import { ROWS_A_STEP, type Steps } from "../../util/waiting.ts";
import { type CellCondition, type CellValue, fitsCell } from "./cell.ts";

/** What stands for a value that could not be read: only a cell that takes anything fits it. */
export const UNREADABLE = Symbol("unreadable");

/** The values of a subject, one a column. */
export type RowValues = readonly (CellValue | typeof UNREADABLE)[];

/** Finds rows. */
export interface RowIndex {
  /**
   * Finds the first rows that fit, in their order.
   *
   * @param values The values.
   * @param most How many are wanted.
   * @param limit How long it may take.
   * @returns Their positions.
   * @throws {Error} When a text is too long for a pattern, or there is no time left.
   */
  find(values: RowValues, most: 1 | 2, limit?: TimeLimit): readonly number[];
}

/** How many places one row may have in the index; one that has more is looked at each time. */
const MAX_PLACES = 10_000;

/**
 * Makes an index.
 *
 * @param rows The conditions of each row, one a column.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { atOnce } from "../../util/waiting.ts";
 *
 * const value = (value: string) => ({ kind: "value", value }) as const;
 * const index = atOnce(createRowIndex([[value("PA")], [value("NY")], [{ kind: "any" }]]));
 * assertEquals(index.find(["NY"], 2), [1, 2]);
 * assertEquals(index.find(["TX"], 1), [2]);
 * ```
 */
export function* createRowIndex(
  rows: readonly (readonly CellCondition[])[],
): Steps<RowIndex> {
  const groups = new Map<string, Group>();
  for (const [row, conditions] of rows.entries()) {
    if (row % ROWS_A_STEP === 0) yield;
    for (const place of placesOf(conditions)) {
      const shape = place.map(({ column, length }) => `${column}:${length ?? ""}`).join();
      let group = groups.get(shape);
      if (group === undefined) groups.set(shape, group = { columns: place, rows: new Map() });
      const key = place.length === 1 ? place[0]?.value ?? "" : joined(place);
      const found = group.rows.get(key);
      if (found === undefined) group.rows.set(key, [row]);
      // One row may list a value twice.
      else if (found.at(-1) !== row) found.push(row);
    }
  }
  const width = rows[0]?.length ?? 0;
  const list: KeptGroup[] = [];
  for (const { columns, rows: byKey } of groups.values()) {
    const kept = new Map<CellValue, Bucket>();
    for (const [key, some] of byKey) {
      if (kept.size % ROWS_A_STEP === 0) yield;
      kept.set(key, createBucket(some, rows));
    }
    // What stands in the key fits.
    const others = Array.from({ length: width }, (_, at) => at)
      .filter((at) => !columns.some(({ column }) => column === at));
    list.push({ columns, others, rows: kept });
  }

  function fits(
    row: number,
    columns: readonly number[],
    values: RowValues,
    limit: TimeLimit | undefined,
  ): boolean {
    const conditions = rows[row];
    for (const column of columns) {
      const condition = conditions?.[column];
      if (condition === undefined || condition.kind === "any") continue;
      const value = values[column];
      if (value === undefined || value === UNREADABLE || !fitsCell(condition, value, limit)) {
        return false;
      }
    }
    return true;
  }

  return {
    find(values, most, limit) {
      let [first, second] = [Infinity, Infinity];
      for (const { columns, others, rows: byKey } of list) {
        const key = keyOf(columns, values);
        const bucket = key === undefined ? undefined : byKey.get(key);
        if (bucket === undefined) continue;
        const candidates = bucket(values);
        const isLong = candidates.length > MANY_ROWS;
        for (const row of candidates) {
          if (isLong) limit?.step();
          if (row >= (most === 1 ? first : second)) break;
          if (row === first || !fits(row, others, values, limit)) continue;
          second = Math.max(first, row);
          first = Math.min(first, row);
        }
      }
      return [first, second].slice(0, most).filter((row) => row !== Infinity);
    },
  };
}

/** A column by which a row is kept, and the value or the beginning that it lists there. */
interface Listed {
  readonly column: number;
  readonly value: CellValue;
  /** How long the beginning is; absent of a value. */
  readonly length?: number;
}

interface Group {
  readonly columns: readonly Listed[];
  readonly rows: Map<CellValue, number[]>;
}

/** Rows that list values in the same columns. */
interface KeptGroup {
  readonly columns: readonly Listed[];
  readonly others: readonly number[];
  readonly rows: ReadonlyMap<CellValue, Bucket>;
}

/** Gives the rows of one key that may fit, in order. */
type Bucket = (values: RowValues) => readonly number[];

function placesOf(conditions: readonly CellCondition[]): readonly (readonly Listed[])[] {
  let places: readonly (readonly Listed[])[] = [[]];
  for (const [column, condition] of conditions.entries()) {
    const listed = listedIn(condition, column);
    if (listed === undefined || places.length * listed.length > MAX_PLACES) continue;
    places = places.flatMap((place) => listed.map((one) => [...place, one]));
  }
  return places;
}

function listedIn(condition: CellCondition, column: number): readonly Listed[] | undefined {
  switch (condition.kind) {
    case "value":
      return isUnlisted(condition.value) ? undefined : [{ column, value: condition.value }];
    case "prefix":
      return isUnlisted(condition.prefix)
        ? undefined
        : [{ column, value: condition.prefix, length: condition.prefix.length }];
    case "or": {
      const all = condition.conditions.map((one) => listedIn(one, column));
      return all.every((one) => one !== undefined) ? all.flat() : undefined;
    }
    default:
      return undefined;
  }
}

/** What separates the parts of a key is in none of them. */
function isUnlisted(value: CellValue): boolean {
  return typeof value === "string" && value.includes("\0");
}

function joined(place: readonly { readonly value: CellValue }[]): string {
  return place.map(({ value }) => value).join("\0");
}

function keyOf(columns: readonly Listed[], values: RowValues): CellValue | undefined {
  let key: CellValue = "";
  for (const [index, { column, length }] of columns.entries()) {
    const value = values[column];
    if (value === undefined || value === UNREADABLE) return undefined;
    const part = length === undefined || typeof value !== "string" ? value : value.slice(0, length);
    if (isUnlisted(part)) return undefined;
    key = columns.length === 1 ? part : index === 0 ? String(part) : `${key}\0${part}`;
  }
  return key;
}

/** Fewer rows are looked at one by one. */
const MANY_ROWS = 16;

/** Ranges that overlap much are not kept: each row would stand in many places. */
const MAX_OVERLAP = 8;

/** Keeps rows of one key by the column whose ranges tell most of them apart. */
function createBucket(
  some: readonly number[],
  rows: readonly (readonly CellCondition[])[],
): Bucket {
  if (some.length < MANY_ROWS) return () => some;
  const columns = rows[some[0] ?? 0]?.length ?? 0;
  for (let column = 0; column < columns; column++) {
    const bucket = bucketByRange(some, rows, column);
    if (bucket !== undefined) return bucket;
  }
  return () => some;
}

type End = number | string;

function bucketByRange(
  some: readonly number[],
  rows: readonly (readonly CellCondition[])[],
  column: number,
): Bucket | undefined {
  const ranges: {
    readonly row: number;
    readonly from?: End | undefined;
    readonly to?: End | undefined;
  }[] = [];
  for (const row of some) {
    const condition = rows[row]?.[column];
    if (condition?.kind === "digits") ranges.push({ row, from: condition.from, to: condition.to });
    else if (condition?.kind === "range") ranges.push({ row, ...condition });
    // Whatever else it asks for, it may be anywhere.
    else ranges.push({ row });
  }
  if (ranges.every(({ from, to }) => from === undefined && to === undefined)) return undefined;
  const ends = [...new Set(ranges.flatMap(({ from, to }) => [from ?? [], to ?? []].flat()))]
    .sort((a, b) => a < b ? -1 : 1);
  // Each end is a place of its own, and so is what lies before, between and behind.
  const places = Array.from({ length: 2 * ends.length + 1 }, (): number[] => []);
  const placeOf = new Map(ends.map((end, index) => [end, 2 * index + 1]));
  let count = 0;
  for (const { row, from, to } of ranges) {
    const first = from === undefined ? 0 : placeOf.get(from) ?? 0;
    const last = to === undefined ? places.length - 1 : placeOf.get(to) ?? 0;
    count += last - first + 1;
    if (count > MAX_OVERLAP * ranges.length) return undefined;
    for (let place = first; place <= last; place++) places[place]?.push(row);
  }
  const anywhere = ranges.filter(({ from, to }) => from === undefined && to === undefined)
    .map(({ row }) => row);
  return (values) => {
    const value = values[column];
    // What could not be read fits those that take anything.
    if (typeof value !== "number" && typeof value !== "string") return anywhere;
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return places[ends[low] === value ? 2 * low + 1 : 2 * low] ?? [];
  };
}
