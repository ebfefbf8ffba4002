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

/**
 * Reads a text column.
 *
 * @param row The row.
 * @param column The column's name.
 * @returns Its value.
 * @throws {TypeError} When there is no such text: the file is damaged.
 */
export function text(row: Row, column: string): string {
  const value = row[column];
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
