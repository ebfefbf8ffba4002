import type { SQLOutputValue } from "node:sqlite";

/** A row as `node:sqlite` gives it. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/**
 * Reads an integer column.
 *
 * @param row The row.
 * @param column The column's name.
 * @returns Its value.
 * @throws {TypeError} When there is no such integer: the file is damaged.
 */
export function integer(row: Row | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value !== "number") throw unexpected(column, "an integer");
  return value;
}

// A byte order mark is a character of the text like any other.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Writes the columns of a query that hold texts which strangers choose: `node:sqlite` reads a text
 * up to its first NUL, and bytes whole.
 *
 * @param table The table.
 * @param columns The names of its columns.
 * @returns The columns as bytes under their own names, for `text()`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(wholeTexts("events", ["type"]), "CAST(events.type AS BLOB) AS type");
 * ```
 */
export function wholeTexts(table: string, columns: readonly string[]): string {
  return columns.map((column) => `CAST(${table}.${column} AS BLOB) AS ${column}`).join(", ");
}

/**
 * Reads a text column.
 *
 * @param row The row.
 * @param column The column's name; what may hold NUL is asked for by `wholeTexts()`.
 * @returns Its value.
 * @throws {TypeError} When there is no such text: the file is damaged.
 */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (value instanceof Uint8Array) return decoder.decode(value);
  if (typeof value !== "string") throw unexpected(column, "a text");
  return value;
}

/**
 * Reads a column of bytes.
 *
 * @param row The row.
 * @param column The column's name.
 * @returns Its value, not copied.
 * @throws {TypeError} When there are no such bytes: the file is damaged.
 */
export function bytes(row: Row, column: string): Uint8Array<ArrayBuffer> {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw unexpected(column, "bytes");
  const { buffer, byteOffset, byteLength } = value;
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new Uint8Array(value);
}

/**
 * Reads a column that may be NULL.
 *
 * @param row The row.
 * @param column The column's name.
 * @param read Reads a value that is there.
 * @returns Its value, or `null`.
 */
export function nullable<T>(
  row: Row,
  column: string,
  read: (row: Row, column: string) => T,
): T | null {
  return row[column] === null ? null : read(row, column);
}

function unexpected(column: string, wanted: string): TypeError {
  return new TypeError(`Cannot read column "${column}": it does not hold ${wanted}`);
}
