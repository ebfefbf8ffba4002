import type { Query } from "./connection.ts";
import { Lists } from "./lists.ts";
import type { PostgresRow } from "./rows.ts";

/** Adds what all rows have in a column to the parameters, and gives what stands for it. */
export type ListedColumn<Row> = (lists: Lists, rows: readonly Row[]) => string;

/** Columns by their names. */
export type ListedColumns<Row> = Readonly<Record<string, ListedColumn<Row>>>;

/**
 * Makes a column of texts.
 *
 * @param of Gives the text of a row, as `storedText()` does.
 */
export function texts<Row>(of: (row: Row) => string | null): ListedColumn<Row> {
  return (lists, rows) => lists.texts(rows.map(of));
}

/** Makes a column of integers, such as times and sizes, as {@linkcode texts} one of texts. */
export function bigints<Row>(of: (row: Row) => number | null): ListedColumn<Row> {
  return (lists, rows) => lists.bigints(rows.map(of));
}

/** Makes a column of integers of 32 bits. */
export function integers<Row>(of: (row: Row) => number | null): ListedColumn<Row> {
  return (lists, rows) => lists.integers(rows.map(of));
}

/** Makes a column of bytes. */
export function bytes<Row>(of: (row: Row) => Uint8Array | null): ListedColumn<Row> {
  return (lists, rows) => lists.bytes(rows.map(of));
}

/**
 * Inserts rows, in their order. The database reads and plans the statement once a connection, however
 * many rows there are.
 *
 * @param query Runs a statement.
 * @param table The table, and `AS` what, if `behind` has to name it.
 * @param columns What is inserted into it.
 * @param rows The rows.
 * @param behind What stands behind it, such as `RETURNING seq`.
 * @returns What the statement returns.
 */
export async function insertLists<Row>(
  query: Query,
  table: string,
  columns: ListedColumns<Row>,
  rows: readonly Row[],
  behind = "",
): Promise<readonly PostgresRow[]> {
  if (rows.length === 0) return [];
  const lists = new Lists({ isOfKeptStatement: true });
  const names = Object.keys(columns).join(", ");
  const parameters = Object.values(columns).map((column) => column(lists, rows));
  return await query(
    `INSERT INTO ${table} (${names})
     SELECT * FROM unnest(${parameters.join(", ")}) AS came (${names}) ${behind}`,
    lists,
  );
}
