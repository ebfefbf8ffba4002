import type { Buffer } from "node:buffer";
import { type AnyRow, unexpectedColumn } from "../columns.ts";
import type { Query } from "./connection.ts";

/** A row as the database gives it. */
export type PostgresRow = AnyRow;

const INT8 = 20;
const BYTEA = 17;

/** How values are read: 64-bit integers are times and counts, which a number holds. */
export const TYPES = {
  getTypeParser(oid: number): (value: string & Buffer) => unknown {
    if (oid === INT8 || oid === 23 || oid === 21) return Number;
    if (oid === BYTEA) return readBytes;
    if (oid === 16) return (value) => value === "t";
    return (value) => value;
  },
};

/** In whichever of its two forms the server writes bytes: `bytea_output` says. */
function readBytes(value: string): Uint8Array<ArrayBuffer> {
  if (value.startsWith("\\x")) return Uint8Array.fromHex(value.slice(2));
  const text = value.replace(
    /\\(\\|[0-7]{3})/g,
    (_, code: string) => code === "\\" ? code : String.fromCharCode(parseInt(code, 8)),
  );
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/**
 * Reads a text column that `storedText()` wrote.
 *
 * @param row The row.
 * @param column The column's name.
 * @returns Its value.
 * @throws {TypeError} When there is no such text.
 */
export function textOf(row: PostgresRow, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw unexpectedColumn(column, "a text");
  return value.includes(ESCAPE) ? value.replace(ESCAPED, unescape) : value;
}

/** No text of the database holds NUL, so that another character, never seen in texts, marks it. */
const ESCAPE = "\u{f8fe}";
const ESCAPED = /\u{f8fe}([01])/gu;
const NEEDS_ESCAPE = /[\0\u{f8fe}]/u;

function unescape(_: string, digit: string): string {
  return digit === "0" ? "\0" : ESCAPE;
}

/**
 * Writes a text so that the database takes it: it may hold NUL, which PostgreSQL has no place for.
 *
 * @param text The text.
 * @returns What is stored; `textOf()` reads it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { storedText, textOf } from "./rows.ts";
 *
 * assertEquals(storedText("plain"), "plain");
 * assertEquals(textOf({ a: storedText("a\0b\u{f8fe}") }, "a"), "a\0b\u{f8fe}");
 * ```
 */
export function storedText(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return text;
  return text.replaceAll(ESCAPE, `${ESCAPE}1`).replaceAll("\0", `${ESCAPE}0`);
}

/** What must hold; `?` stands for its values. */
export interface SqlCondition {
  readonly sql: string;
  readonly values: readonly unknown[];
  /** Whether an index finds it; rows are looked through for what none does. */
  readonly isIndexed?: boolean;
}

/** Collects the values of a statement and numbers them. */
export class Values {
  readonly list: unknown[] = [];

  /**
   * Adds a value.
   *
   * @param value The value.
   * @returns What stands for it in the statement.
   */
  add(value: unknown): string {
    return `$${this.list.push(value)}`;
  }

  /**
   * Adds the values of a condition.
   *
   * @param condition The condition.
   * @returns It, with its values numbered.
   */
  fill({ sql, values }: SqlCondition): string {
    let next = 0;
    return sql.replaceAll("?", () => this.add(values[next++]));
  }
}

/** PostgreSQL takes no more parameters in one statement. */
const MAX_PARAMETERS = 60_000;

/**
 * Inserts rows, many in one statement.
 *
 * @param query Runs a statement, within the transaction.
 * @param table The table and, in brackets, its columns.
 * @param rows The values of each row, all of one length.
 * @param behind What stands behind the values, such as `RETURNING seq`.
 * @returns What the statements return, in the order of the rows.
 */
export async function insertRows(
  query: Query,
  table: string,
  rows: readonly (readonly unknown[])[],
  behind = "",
): Promise<readonly PostgresRow[]> {
  const width = rows[0]?.length ?? 1;
  const atOnce = Math.max(1, Math.floor(MAX_PARAMETERS / width));
  const returned: PostgresRow[] = [];
  for (let start = 0; start < rows.length; start += atOnce) {
    const values = new Values();
    const tuples = rows.slice(start, start + atOnce)
      .map((row) => `(${row.map((value) => values.add(value)).join(", ")})`);
    returned.push(
      ...await query(`INSERT INTO ${table} VALUES ${tuples.join(", ")} ${behind}`, values.list),
    );
  }
  return returned;
}
