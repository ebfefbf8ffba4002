import type { DeliverySummary, StoredDelivery } from "../delivery.ts";
import type { DeliveryFilter, Position } from "../delivery_filter.ts";
import type { DeliveryPage, ListOptions } from "../journal.ts";
import { parseDecisions, parseHeaders, parseRules, parseTexts } from "../stored_texts.ts";
import type { Query } from "./connection.ts";
import { bytesColumn, integerColumn, nullableColumn, unexpectedColumn } from "../columns.ts";
import { listPage, type PageParts, readMeant } from "./pages.ts";
import { type PostgresRow, type SqlCondition, storedText, textOf } from "./rows.ts";
import { holdsText, sqlOfText } from "./text_search.ts";

/**
 * The first delivery that a row of `deliveries` repeats: of those that came before it with the same
 * content, while it can be a retry. Looked for where it is asked for, as rows of other instances may
 * come to be seen late. `repeat_of` holds what was found elsewhere: `''` that it repeats none.
 *
 * @param windowMs How long it can be a retry.
 * @returns What gives its id, in SQL.
 */
export function repeatOf(windowMs: number): string {
  return `CASE WHEN repeat_of IS NULL THEN (
    SELECT d.id FROM deliveries AS d
    WHERE d.fingerprint = deliveries.fingerprint AND d.received_at <= deliveries.received_at
      AND d.received_at > deliveries.received_at - ${Math.round(windowMs)}
      AND (d.received_at, d.id) < (deliveries.received_at, deliveries.id)
    ORDER BY d.received_at, d.id LIMIT 1) ELSE nullif(repeat_of, '') END`;
}

function summaryColumns(repeatWindowMs: number): string {
  return `id, received_at, answered_at, endpoint, kind, status, verified_by, request_id,
    remote_address, note, ${repeatOf(repeatWindowMs)} AS repeat_of, erased_at, body_bytes, numbers,
    decisions, (SELECT names FROM rule_sets WHERE seq = rule_set) AS rule_names`;
}

function allColumns(repeatWindowMs: number): string {
  return `${summaryColumns(repeatWindowMs)}, array_to_json(numbers)::text AS numbers_json, headers,
    answer, body`;
}

/** Deliveries, and by which columns they are in order. */
export const DELIVERIES_IN_ORDER = { from: "deliveries", time: "received_at", id: "id" } as const;

/**
 * Lists deliveries, newest first.
 *
 * @param query Runs a statement.
 * @param options Which part of which deliveries.
 * @param repeatWindowMs How long a delivery can be a retry of another.
 * @returns The page.
 * @throws {SyntaxError} When the cursor is not one.
 */
export async function listDeliveries(
  query: Query,
  { limit, cursor, ...filter }: ListOptions,
  repeatWindowMs: number,
): Promise<DeliveryPage> {
  const columnsOf = filter.text || filter.number ? allColumns : summaryColumns;
  const columns = columnsOf(repeatWindowMs);
  const read = (after: Position | undefined, most: number) =>
    readDeliveries(query, filter, columns, "newest first", after, most);
  const { rows, next } = await listPage(cursor, limit, read, placeOf);
  return { deliveries: rows.map(decodeSummary), next };
}

/**
 * Reads the next deliveries with all that is kept of them, oldest first.
 *
 * @param query Runs a statement.
 * @param filter Which deliveries.
 * @param after The one before.
 * @param limit How many at most.
 * @param repeatWindowMs How long a delivery can be a retry of another.
 * @returns The deliveries.
 */
export async function deliveriesAfter(
  query: Query,
  filter: DeliveryFilter,
  after: Position | undefined,
  limit: number,
  repeatWindowMs: number,
): Promise<readonly StoredDelivery[]> {
  const columns = allColumns(repeatWindowMs);
  const rows = await readDeliveries(query, filter, columns, "oldest first", after, limit);
  return rows.map(decodeDelivery);
}

async function readDeliveries(
  query: Query,
  filter: DeliveryFilter,
  columns: string,
  order: "newest first" | "oldest first",
  after: Position | undefined,
  limit: number,
): Promise<readonly PostgresRow[]> {
  const { number, verified, ...others } = filter;
  const conditions = conditionsOf(others);
  const isVerified = verified === undefined
    ? []
    : [{ sql: `verified_by IS ${verified ? "NOT NULL" : "NULL"}`, values: [] }];
  const parts = { ...DELIVERIES_IN_ORDER, columns, order, after, limit };
  const read = (part: Pick<PageParts, "conditions"> & Partial<PageParts>) =>
    readMeant(query, { ...parts, ...part }, (row) => isMeant(row, filter), placeOf);
  if (number === undefined || number === "") {
    // Of those that are refused few are kept, and they have an index of their own.
    return await read({ conditions: [...isVerified.map(indexed), ...conditions] });
  }
  const numbered = { sql: "numbers @> ARRAY[?::text]", values: [storedText(number.toLowerCase())] };
  const found = await read({
    conditions: [numbered, ...isVerified, ...conditions].map(indexed),
    // In an order that no index has: by one that has it, all are read until so many have the number.
    time: "(received_at + 0)",
  });
  const unnumbered = await read({
    conditions: [
      indexed({ sql: "numbers IS NULL", values: [] }),
      sqlOfText(number, SEARCHED),
      ...isVerified,
      ...conditions,
    ],
  });
  const sign = order === "newest first" ? -1 : 1;
  return [...found, ...unnumbered]
    .sort((a, b) => sign * comparePlaces(placeOf(a), placeOf(b)))
    .slice(0, limit);
}

function indexed(condition: SqlCondition): SqlCondition {
  return { ...condition, isIndexed: true };
}

function comparePlaces(a: Position, b: Position): number {
  return a.receivedAt - b.receivedAt || (a.id < b.id ? -1 : 1);
}

function isMeant(row: PostgresRow, { text, number }: DeliveryFilter): boolean {
  const sought = [text, row["numbers"] === null ? number : undefined]
    .filter((one) => one !== undefined && one !== "");
  if (sought.length === 0) return true;
  const contents = [
    bytesColumn(row, "body"),
    bytesColumn(row, "answer"),
    textOf(row, "request_id"),
  ];
  return sought.every((one) => one === undefined || holdsText(one, contents));
}

const SEARCHED = { bytes: ["body", "answer"], texts: ["request_id"] };

function conditionsOf(filter: Omit<DeliveryFilter, "number" | "verified">): SqlCondition[] {
  const { endpoint, kind, status, since, until, rule, verifiedBy } = filter;
  const conditions: SqlCondition[] = [];
  const add = (sql: string, ...values: unknown[]) => conditions.push({ sql, values });
  if (endpoint !== undefined) add("endpoint = ?", storedText(endpoint));
  if (kind !== undefined) add("kind = ?", storedText(kind));
  if (status !== undefined) add("status BETWEEN ? AND ?", ...status);
  if (rule !== undefined) add("? = ANY (rules)", storedText(rule));
  if (verifiedBy !== undefined) {
    const key = storedText(verifiedBy);
    add(
      `(verified_by = ? OR
        position(' ' || ? || ' ' IN ' ' || replace(verified_by, ', ', ' ') || ' ') > 0)`,
      key,
      key,
    );
  }
  const addTime = (sql: string, time: number) => conditions.push(indexed({ sql, values: [time] }));
  if (since !== undefined) addTime("received_at >= ?", since);
  if (until !== undefined) addTime("received_at < ?", until);
  const { text } = filter;
  if (text !== undefined && text !== "") conditions.push(sqlOfText(text, SEARCHED));
  return conditions;
}

/** How far the time in an id may be from the time received: a body may come slowly. */
const NEAR_MS = 3_600_000;

/**
 * Finds one delivery. Its id tells about when it came, so that of the weeks one or two are asked
 * first.
 *
 * @param query Runs a statement.
 * @param id Its id.
 * @param repeatWindowMs How long a delivery can be a retry of another.
 * @returns The delivery.
 */
export async function deliveryById(
  query: Query,
  id: string,
  repeatWindowMs: number,
): Promise<StoredDelivery | undefined> {
  const columns = allColumns(repeatWindowMs);
  const stored = storedText(id);
  const time = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
  const near = Number.isFinite(time)
    ? await query(
      `SELECT ${columns} FROM deliveries
       WHERE id = $1 AND received_at BETWEEN $2 AND $3`,
      [stored, time - NEAR_MS, time + NEAR_MS],
    )
    : [];
  const [row] = near.length > 0
    ? near
    : await query(`SELECT ${columns} FROM deliveries WHERE id = $1`, [stored]);
  return row === undefined ? undefined : decodeDelivery(row);
}

function placeOf(row: PostgresRow): Position {
  return { receivedAt: integerColumn(row, "received_at"), id: textOf(row, "id") };
}

function decodeSummary(row: PostgresRow): DeliverySummary {
  const note = nullableColumn(row, "note", textOf);
  return {
    id: textOf(row, "id"),
    endpoint: textOf(row, "endpoint"),
    kind: textOf(row, "kind"),
    requestId: textOf(row, "request_id"),
    receivedAt: integerColumn(row, "received_at"),
    answeredAt: integerColumn(row, "answered_at"),
    remoteAddress: textOf(row, "remote_address"),
    verifiedBy: nullableColumn(row, "verified_by", textOf),
    status: integerColumn(row, "status"),
    decisions: parseDecisions(textOf(row, "decisions")),
    rules: parseRules(textOf(row, "rule_names")),
    ...(note === null ? {} : { note }),
    bodyBytes: integerColumn(row, "body_bytes"),
    repeatOf: nullableColumn(row, "repeat_of", textOf),
    erasedAt: nullableColumn(row, "erased_at", integerColumn),
  };
}

/** Each is escaped by itself. */
function textsOf(row: PostgresRow, column: string): readonly string[] {
  const value = row[column];
  if (typeof value !== "string") throw unexpectedColumn(column, "a list of texts");
  return parseTexts(value).map((one) => textOf({ one }, "one"));
}

function decodeDelivery(row: PostgresRow): StoredDelivery {
  const summary = decodeSummary(row);
  const numbers = nullableColumn(row, "numbers_json", textsOf);
  return {
    ...summary,
    ...(numbers === null || summary.erasedAt !== null ? {} : { numbers }),
    headers: parseHeaders(textOf(row, "headers")),
    body: bytesColumn(row, "body"),
    answer: bytesColumn(row, "answer"),
  };
}
