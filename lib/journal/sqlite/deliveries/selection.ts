import type { SQLInputValue } from "node:sqlite";
import type { DeliveryFilter, Position } from "../../filter.ts";

/** A query for the keys of deliveries and the values it takes. */
export interface Selection {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** Compares bytes, because text may hold anything; `lower()` knows ASCII letters alone. */
const TEXT_CONDITION = `(
  instr(CAST(lower(CAST(body AS TEXT)) AS BLOB), ?) > 0 OR
  instr(CAST(lower(CAST(answer AS TEXT)) AS BLOB), ?) > 0 OR
  instr(CAST(lower(request_id) AS BLOB), ?) > 0)`;

/** What a rule decided stands in the row, after all that the index holds. */
const RULE_CONDITION = `EXISTS (
  SELECT 1 FROM json_each(deliveries.decisions) WHERE json_each.value ->> '$.rule' = ?)`;

/** All of it or a word of it, of which the last may have a comma behind it. */
const VERIFIED_BY_CONDITION = `(verified_by = ? OR
  instr(' ' || replace(verified_by, ', ', ' ') || ' ', ' ' || ? || ' ') > 0)`;

/**
 * Writes the query that finds deliveries. Without a text to look for it reads the index alone.
 *
 * @param filter Which deliveries.
 * @param order In which order.
 * @param after Where the page before ended.
 * @param limit How many at most.
 * @returns The query, for the columns `seq`, `received_at` and `id`.
 */
export function selectKeys(
  filter: DeliveryFilter,
  order: "newest first" | "oldest first",
  after: Position | undefined,
  limit: number,
): Selection {
  const [comparison, direction] = order === "newest first" ? ["<", "DESC"] : [">", "ASC"];
  const conditions = conditionsOf(filter);
  if (after !== undefined) {
    conditions.push({
      sql: `(received_at, id) ${comparison} (?, ?)`,
      values: [after.receivedAt, after.id],
    });
  }
  const where = conditions.map(({ sql }) => sql).join(" AND ") || "TRUE";
  return {
    sql: `SELECT seq, received_at, id FROM deliveries INDEXED BY deliveries_in_order
      WHERE ${where} ORDER BY received_at ${direction}, id ${direction} LIMIT ?`,
    values: [...conditions.flatMap(({ values }) => values), limit],
  };
}

function conditionsOf(filter: DeliveryFilter): Condition[] {
  const { endpoint, kind, status, since, until, text, rule, verified, verifiedBy } = filter;
  const conditions: Condition[] = [];
  if (endpoint !== undefined) conditions.push({ sql: "endpoint = ?", values: [endpoint] });
  if (kind !== undefined) conditions.push({ sql: "kind = ?", values: [kind] });
  if (status !== undefined) conditions.push({ sql: "status BETWEEN ? AND ?", values: [...status] });
  if (since !== undefined) conditions.push({ sql: "received_at >= ?", values: [since] });
  if (until !== undefined) conditions.push({ sql: "received_at < ?", values: [until] });
  if (rule !== undefined) conditions.push({ sql: RULE_CONDITION, values: [rule] });
  if (verifiedBy !== undefined) {
    conditions.push({ sql: VERIFIED_BY_CONDITION, values: [verifiedBy, verifiedBy] });
  }
  if (verified !== undefined) {
    conditions.push({ sql: `verified_by IS ${verified ? "NOT NULL" : "NULL"}`, values: [] });
  }
  if (text !== undefined && text !== "") {
    const sought = new TextEncoder().encode(lowerAscii(text));
    conditions.push({ sql: TEXT_CONDITION, values: [sought, sought, sought] });
  }
  return conditions;
}

/**
 * Writes the letters small that `lower()` of SQLite does.
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
