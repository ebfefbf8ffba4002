import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { lowerAscii } from "../columns.ts";
import type { DeliveryFilter, ListSpan, Position } from "../delivery_filter.ts";
import {
  type Condition,
  createKeyFinder,
  type Key,
  type KeyFinder,
  type Selection,
} from "./rows.ts";

/** Up to which key deliveries stand in the list. */
export const LISTED = "(SELECT n FROM counts WHERE kind = 'deliveries' AND name = 'listed')";

/** Finds deliveries by filters. */
export interface DeliveryList {
  readonly page: (
    filter: DeliveryFilter,
    cursor: string | undefined,
    limit: number | undefined,
  ) => ReturnType<KeyFinder["page"]>;
  readonly timeBehind: (rows: number, span?: ListSpan) => number | undefined;
  /** The keys of the next deliveries, oldest first. */
  readonly keysAfter: (
    filter: DeliveryFilter,
    after: Position | undefined,
    limit: number,
  ) => readonly Key[];
}

/**
 * Prepares to find deliveries by filters.
 *
 * @param database An open database.
 * @returns What finds them.
 */
export function createDeliveryList(database: DatabaseSync): DeliveryList {
  const finder = createKeyFinder(database);
  return {
    page: (filter, cursor, limit) =>
      finder.page(
        (after, atMost) => selectKeys(filter, "newest first", after, atMost),
        cursor,
        limit,
      ),
    timeBehind: (rows, { cursor, ...span } = {}) =>
      finder.timeOf((after) => selectBehind(rows, span, after), cursor),
    keysAfter: (filter, after, limit) =>
      finder.find(selectKeys(filter, "oldest first", after, limit)),
  };
}

/** What a rule decided stands in the row, after all that the list holds. */
const RULE_CONDITION = `EXISTS (
  SELECT 1 FROM json_each(deliveries.decisions)
    WHERE ? IN (json_each.value ->> '$.rule', json_each.value ->> '$.row.rule'))`;

/** Compares bytes, because text may hold anything; `lower()` knows ASCII letters alone. */
const TEXT_CONDITION = `(
  instr(CAST(lower(CAST(deliveries.body AS TEXT)) AS BLOB), ?) > 0 OR
  instr(CAST(lower(CAST(deliveries.answer AS TEXT)) AS BLOB), ?) > 0 OR
  instr(CAST(lower(deliveries.request_id) AS BLOB), ?) > 0)`;

/** All of it or a word of it, of which the last may have a comma behind it. */
const VERIFIED_BY_CONDITION = `(ROW.verified_by = ? OR
  instr(' ' || replace(ROW.verified_by, ', ', ' ') || ' ', ' ' || ? || ' ') > 0)`;

/**
 * Writes the query that finds deliveries: those in the list, of which it reads no more than the list
 * unless something is sought in them, and the few that came since.
 *
 * @param filter Which deliveries.
 * @param order In which order.
 * @param after Where the page before ended.
 * @param limit How many at most.
 * @returns The query, for the columns `seq`, `at` and `id`.
 */
function selectKeys(
  filter: DeliveryFilter,
  order: "newest first" | "oldest first",
  after: Position | undefined,
  limit: number,
): Selection {
  const isNewestFirst = order === "newest first";
  const direction = isNewestFirst ? "DESC" : "ASC";
  const conditions = [
    ...conditionsOf(filter),
    ...conditionsBehind(after, isNewestFirst ? "<" : ">"),
  ];
  const values = [...conditions.flatMap((condition) => condition.values), limit];
  const part = (row: string, from: string, where = "TRUE", ...sought: SQLInputValue[]) => {
    const all = [where, ...conditions.map(({ sql }) => sql.replaceAll("ROW.", `${row}.`))];
    const sql = `SELECT * FROM (
      SELECT ${row}.seq AS seq, ${row}.received_at AS at, ${row}.id AS id FROM ${from}
      WHERE ${all.join(" AND ")}
      ORDER BY ${row}.received_at ${direction}, ${row}.id ${direction} LIMIT ?)`;
    return { sql, values: [...sought, ...values] };
  };
  const parts = filter.number === undefined
    ? [
      part("delivery_list", listWith(conditions)),
      part("deliveries", "deliveries", `deliveries.seq > ${LISTED}`),
    ]
    : partsOfNumber(filter.number, part);
  return {
    sql: `${parts.map(({ sql }) => sql).join(" UNION ALL ")}
      ORDER BY at ${direction}, id ${direction} LIMIT ?`,
    values: [...parts.flatMap((one) => one.values), limit],
  };
}

/**
 * Writes the query for the delivery that has so many others before it, newest first. It reads the
 * list alone, in its order, and puts the few that came since between.
 */
function selectBehind(rows: number, span: ListSpan, after: Position | undefined): Selection {
  const conditions = [...conditionsOf(span), ...conditionsBehind(after, "<")];
  const values = conditions.flatMap((condition) => condition.values);
  const part = (table: string, where: string) => {
    const all = [where, ...conditions.map(({ sql }) => sql.replaceAll("ROW.", `${table}.`))];
    return `SELECT ${table}.seq, ${table}.received_at AS at, ${table}.id AS id FROM ${table}
      WHERE ${all.join(" AND ")}`;
  };
  return {
    sql: `${part("delivery_list", "TRUE")}
      UNION ALL ${part("deliveries", `deliveries.seq > ${LISTED}`)}
      ORDER BY at DESC, id DESC LIMIT 1 OFFSET ?`,
    values: [...values, ...values, rows],
  };
}

function conditionsBehind(after: Position | undefined, comparison: "<" | ">"): Condition[] {
  if (after === undefined) return [];
  const sql = `(ROW.received_at, ROW.id) ${comparison} (?, ?)`;
  return [{ sql, values: [after.receivedAt, after.id] }];
}

const WITH_ROWS = "CROSS JOIN deliveries ON deliveries.seq";

function listWith(conditions: readonly Condition[]): string {
  const isWithin = conditions.some(({ sql }) => sql.includes("deliveries."));
  return isWithin ? `delivery_list ${WITH_ROWS} = delivery_list.seq` : "delivery_list";
}

/** Those with the number, by its index; those without numbers that have it as text; what came since. */
function partsOfNumber(
  number: string,
  part: (row: string, from: string, where: string, ...sought: SQLInputValue[]) => Selection,
): readonly Selection[] {
  const [lower, text] = [number.toLowerCase(), soughtText(number)];
  return [
    part(
      "deliveries",
      `delivery_numbers ${WITH_ROWS} = delivery_numbers.seq`,
      "delivery_numbers.number = ?",
      lower,
    ),
    part(
      "delivery_list",
      `delivery_list INDEXED BY delivery_list_unnumbered ${WITH_ROWS} = delivery_list.seq`,
      `delivery_list.numbered = 0 AND ${TEXT_CONDITION}`,
      ...text,
    ),
    part(
      "deliveries",
      "deliveries",
      `deliveries.seq > ${LISTED} AND iif(deliveries.numbers IS NULL, ${TEXT_CONDITION},
        ? IN (SELECT value FROM json_each(deliveries.numbers)))`,
      ...text,
      lower,
    ),
  ];
}

function soughtText(text: string): readonly SQLInputValue[] {
  const sought = new TextEncoder().encode(lowerAscii(text));
  return [sought, sought, sought];
}

/** `ROW` stands for the table: the list has all of it that a list needs. */
function conditionsOf(filter: DeliveryFilter): Condition[] {
  const { endpoint, kind, status, since, until, text, rule, verified, verifiedBy } = filter;
  const conditions: Condition[] = [];
  const add = (sql: string, ...values: Condition["values"]) => conditions.push({ sql, values });
  if (endpoint !== undefined) add("ROW.endpoint = ?", endpoint);
  if (kind !== undefined) add("ROW.kind = ?", kind);
  if (status !== undefined) add("ROW.status BETWEEN ? AND ?", ...status);
  if (since !== undefined) add("ROW.received_at >= ?", since);
  if (until !== undefined) add("ROW.received_at < ?", until);
  if (verifiedBy !== undefined) add(VERIFIED_BY_CONDITION, verifiedBy, verifiedBy);
  if (verified !== undefined) add(`ROW.verified_by IS ${verified ? "NOT NULL" : "NULL"}`);
  if (rule !== undefined) add(RULE_CONDITION, rule);
  if (text !== undefined && text !== "") {
    add(TEXT_CONDITION, ...soughtText(text));
  }
  return conditions;
}
