/**
 * What the stores have in common about columns. No compiler knows what they hold: whatever holds
 * something else is damaged.
 */

/** A row as a database gives it. */
export type AnyRow = Readonly<Record<string, unknown>>;

/**
 * Reads an integer column.
 *
 * @param row The row.
 * @param column The column's name.
 * @returns Its value.
 * @throws {TypeError} When there is no such integer.
 */
export function integerColumn(row: AnyRow | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value !== "number") throw unexpectedColumn(column, "an integer");
  return value;
}

/**
 * Reads a column of bytes.
 *
 * @param row The row.
 * @param column The column's name.
 * @returns Its value, not copied.
 * @throws {TypeError} When there are no such bytes.
 */
export function bytesColumn(row: AnyRow, column: string): Uint8Array<ArrayBuffer> {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw unexpectedColumn(column, "bytes");
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
export function nullableColumn<Row extends AnyRow, T>(
  row: Row,
  column: string,
  read: (row: Row, column: string) => T,
): T | null {
  return row[column] === null ? null : read(row, column);
}

/**
 * Tells of a column that holds something else.
 *
 * @param column The column's name.
 * @param wanted What it was to hold.
 * @returns The error to throw.
 */
export function unexpectedColumn(column: string, wanted: string): TypeError {
  return new TypeError(`Cannot read column "${column}": it does not hold ${wanted}`);
}

/**
 * Writes the letters small that `lower()` of a database does, without a locale.
 *
 * @param text Any text.
 * @returns The text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(lowerAscii("GRÖSSE"), "grÖsse");
 * ```
 */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
