import type { SQLInputValue } from "node:sqlite";
import type { Position } from "../filter.ts";

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
}

/**
 * Writes a query for the keys of rows, a page at a time.
 *
 * @param parts What it is made of.
 * @returns The query, for the columns `seq`, `at` and `id`.
 */
export function writeSelection(parts: SelectionParts): Selection {
  const { from, time, order, after, limit } = parts;
  const [comparison, direction] = order === "newest first" ? ["<", "DESC"] : [">", "ASC"];
  const conditions = after === undefined ? parts.conditions : [
    ...parts.conditions,
    { sql: `(${time}, id) ${comparison} (?, ?)`, values: [after.receivedAt, after.id] },
  ];
  const where = conditions.map(({ sql }) => sql).join(" AND ") || "TRUE";
  return {
    sql: `SELECT seq, ${time} AS at, id FROM ${from}
      WHERE ${where} ORDER BY ${time} ${direction}, id ${direction} LIMIT ?`,
    values: [...conditions.flatMap(({ values }) => values), limit],
  };
}
