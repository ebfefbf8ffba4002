import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import { integerColumn, nullableColumn, unexpectedColumn } from "../columns.ts";
import { lazy } from "../../util/memory.ts";
import { timeKeyOf } from "../delivery.ts";
import { formatCursor, parseCursor, type Position } from "../delivery_filter.ts";

/** A row as `node:sqlite` gives it. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

// A byte order mark is a character of the text like any other.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Writes the columns of a query that hold texts which strangers choose: `node:sqlite` reads a text
 * up to its first NUL, and bytes whole, which takes ten times as long.
 *
 * @param table The table.
 * @param columns The names of its columns.
 * @returns The columns under their own names, as bytes where they hold a NUL, for `textColumn()`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   wholeTexts("events", ["type"]),
 *   "iif(instr(events.type, char(0)), CAST(events.type AS BLOB), events.type) AS type",
 * );
 * ```
 */
export function wholeTexts(table: string, columns: readonly string[]): string {
  return columns.map((column) => {
    const text = `${table}.${column}`;
    return `iif(instr(${text}, char(0)), CAST(${text} AS BLOB), ${text}) AS ${column}`;
  }).join(", ");
}

/**
 * Reads a text column.
 *
 * @param row The row.
 * @param column The column's name; what may hold NUL is asked for by `wholeTexts()`.
 * @returns Its value.
 * @throws {TypeError} When there is no such text: the file is damaged.
 */
export function textColumn(row: Row, column: string): string {
  const value = row[column];
  if (value instanceof Uint8Array) return decoder.decode(value);
  if (typeof value !== "string") throw unexpectedColumn(column, "a text");
  return value;
}

/** What must hold, and the values it takes. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** A query and the values it takes. */
export interface Selection {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** What a query for keys is made of. */
export interface SelectionParts {
  /** The table, and the index by which it is read. */
  readonly from: string;
  /** The column by which rows are in order, before their ids. */
  readonly time: string;
  readonly conditions: readonly Condition[];
  readonly order: "newest first" | "oldest first";
  /** Where the page before ended. */
  readonly after: Position | undefined;
  /** How many rows at most. */
  readonly limit: number;
  /** So many before them are left out; none unless given. */
  readonly skip?: number;
}

/**
 * Writes a query for the keys of rows, a page at a time.
 *
 * @param parts What it is made of.
 * @returns The query, for the columns `seq`, `at` and `id`.
 */
export function writeSelection(parts: SelectionParts): Selection {
  const { from, time, order, after, limit, skip = 0 } = parts;
  const [comparison, direction] = order === "newest first" ? ["<", "DESC"] : [">", "ASC"];
  const conditions = after === undefined ? parts.conditions : [
    ...parts.conditions,
    { sql: `(${time}, id) ${comparison} (?, ?)`, values: [after.receivedAt, after.id] },
  ];
  const where = conditions.map(({ sql }) => sql).join(" AND ") || "TRUE";
  return {
    sql: `SELECT seq, ${time} AS at, id FROM ${from}
      WHERE ${where} ORDER BY ${time} ${direction}, id ${direction} LIMIT ? OFFSET ?`,
    values: [...conditions.flatMap(({ values }) => values), limit, skip],
  };
}

/** Where a row stands: in the file and in the order. */
export interface Key extends Position {
  readonly seq: number;
}

/** Finds rows by queries that repeat. */
export interface KeyFinder {
  readonly find: (selection: Selection) => readonly Key[];
  /**
   * Finds the rows of a page, and what continues the list.
   *
   * @throws {SyntaxError} When the cursor is not one.
   */
  readonly page: (
    select: (after: Position | undefined, limit: number) => Selection,
    cursor: string | undefined,
    limit?: number,
  ) => { readonly keys: readonly Key[]; readonly next: string | null };
  /**
   * Tells when the first row of a selection came, for `TimeBehind`.
   *
   * @throws {SyntaxError} When the cursor is not one.
   */
  readonly timeOf: (
    select: (after: Position | undefined) => Selection,
    cursor: string | undefined,
  ) => number | undefined;
}

const LIST_LIMIT = 50;

/**
 * Makes a finder, which prepares each query once.
 *
 * @param database An open database.
 * @returns The finder.
 */
export function createKeyFinder(database: DatabaseSync): KeyFinder {
  const statements = new Map<string, StatementSync>();

  function find({ sql, values }: Selection): readonly Key[] {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement.all(...values).map(decodeKey);
  }

  const placeOf = (cursor: string | undefined) =>
    cursor === undefined ? undefined : parseCursor(cursor);

  return {
    find,
    timeOf: (select, cursor) => find(select(placeOf(cursor)))[0]?.receivedAt,
    page(select, cursor, limit = LIST_LIMIT) {
      // One more than asked for tells whether there is a next page.
      const found = find(select(placeOf(cursor), limit + 1));
      const keys = found.slice(0, limit);
      const last = keys.at(-1);
      return { keys, next: found.length > limit && last !== undefined ? formatCursor(last) : null };
    },
  };
}

function decodeKey(row: Row): Key {
  return {
    seq: integerColumn(row, "seq"),
    receivedAt: integerColumn(row, "at"),
    id: textColumn(row, "id"),
  };
}

/**
 * What has a time-ordered id has the number that the id carries as its key, and needs no index of
 * ids. Smaller keys, which no such id has, belong to what has another id or was kept by an earlier
 * version: those alone are found by an index.
 */
export const FIRST_TIME_KEY = 2 ** 41;

/** The tables whose rows have the numbers as keys that their ids carry. */
type KeyedTable = "deliveries" | "events" | "forwards";

/**
 * Prepares to find rows by ids.
 *
 * @param database An open database.
 * @param table The table.
 * @returns What gives the key of an id; `undefined` when there is no such row.
 */
export function createIdFinder(
  database: DatabaseSync,
  table: KeyedTable,
): (id: string) => number | undefined {
  const isIt = database.prepare(`SELECT 1 FROM ${table} WHERE seq = ? AND id = ?`);
  const byId = database.prepare(
    `SELECT seq FROM ${table} WHERE id = ? AND seq < ${FIRST_TIME_KEY}`,
  );
  return (id) => {
    const key = timeKeyOf(id);
    if (key !== undefined && isIt.get(key, id) !== undefined) return key;
    const row = byId.get(id);
    return row === undefined ? undefined : integerColumn(row, "seq");
  };
}

/** Gives new rows their keys, within one transaction. */
export type NewKeys = (id: string) => number;

/**
 * Prepares to give new rows their keys.
 *
 * @param database A database open for writing.
 * @param table The table.
 * @returns What begins to do so within a transaction. A row gets the number that its id carries; where
 * it carries none, or another row has it, as ids of two processes may, a small one.
 */
export function createRowKeys(database: DatabaseSync, table: KeyedTable): () => NewKeys {
  const newestOf = database.prepare(`SELECT max(seq) AS seq FROM ${table}`);
  const isTaken = database.prepare(`SELECT 1 FROM ${table} WHERE seq = ?`);
  const newestOther = database.prepare(
    `SELECT coalesce(max(seq), 0) AS seq FROM ${table} WHERE seq < ${FIRST_TIME_KEY}`,
  );
  return () => {
    // Behind the newest nothing is: of many rows that come together, none has to be looked for.
    let newest = nullableColumn(newestOf.get() ?? {}, "seq", integerColumn) ?? 0;
    // Those that get small ones may be inserted together, too.
    let other = 0;
    return (id) => {
      const key = timeKeyOf(id);
      const isFree = key !== undefined && key >= FIRST_TIME_KEY &&
        (key > newest || isTaken.get(key) === undefined);
      if (!isFree) return other = Math.max(other, integerColumn(newestOther.get(), "seq")) + 1;
      newest = Math.max(newest, key);
      return key;
    };
  };
}

/** So many rows are inserted by one statement: with more the gain is small. */
const ROWS_TOGETHER = 32;

/**
 * Prepares to insert many rows, some by each statement: a statement for each takes half as long again.
 *
 * @param database A database open for writing.
 * @param table The table.
 * @param columns The names of its columns, in the order of the values.
 * @returns What inserts rows, and gives the key of the last one.
 */
export function insertTogether(
  database: DatabaseSync,
  table: string,
  columns: readonly string[],
): (rows: readonly (readonly SQLInputValue[])[]) => number {
  return runTogether(
    database,
    columns.length,
    (values) => `INSERT INTO ${table} (${columns.join(", ")}) VALUES ${values}`,
  );
}

/**
 * Prepares a statement that inserts rows, for some of them at a time.
 *
 * @param database A database open for writing.
 * @param width How many values a row is made of.
 * @param write Writes the statement, of its rows with a place for each value.
 * @returns What inserts rows, and gives the key of the last one.
 */
export function runTogether(
  database: DatabaseSync,
  width: number,
  write: (rows: string) => string,
): (rows: readonly (readonly SQLInputValue[])[]) => number {
  const row = `(${Array(width).fill("?").join(", ")})`;
  const prepare = (count: number) => database.prepare(write(Array(count).fill(row).join(", ")));
  const one = prepare(1);
  // Few journals get deliveries of many events.
  const some = lazy(() => prepare(ROWS_TOGETHER));
  return (rows) => {
    let last = 0;
    let from = 0;
    for (; rows.length - from >= ROWS_TOGETHER; from += ROWS_TOGETHER) {
      last = Number(some().run(...rows.slice(from, from + ROWS_TOGETHER).flat()).lastInsertRowid);
    }
    for (const single of rows.slice(from)) last = Number(one.run(...single).lastInsertRowid);
    return last;
  };
}
