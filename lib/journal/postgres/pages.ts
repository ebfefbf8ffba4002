import { formatCursor, type ListSpan, parseCursor, type Position } from "../delivery_filter.ts";
import { integerColumn } from "../columns.ts";
import type { Query } from "./connection.ts";
import { type PostgresRow, type SqlCondition, storedText, textOf, Values } from "./rows.ts";

/** What a page of a list is made of. */
export interface PageParts {
  readonly columns: string;
  readonly from: string;
  /** What is joined to it for the columns. */
  readonly join?: string;
  /** The column by which rows are in order, before their ids, and that of the ids. */
  readonly time: string;
  readonly id: string;
  readonly conditions: readonly SqlCondition[];
  readonly order: "newest first" | "oldest first";
  readonly after: Position | undefined;
  readonly limit: number;
}

/** So many rows are looked through at once for what no index finds, at first and at most. */
const LOOKED = { first: 500, most: 2000, least: 20 };
/** Where that takes longer, for what the rows hold is large, fewer are. */
const LONG_MS = 500;

/**
 * Reads rows in their order, a page at a time. What no index finds is looked for in steps, so that no
 * statement takes the longer the more there is.
 *
 * @param query Runs a statement.
 * @param parts What the page is made of.
 * @returns The rows.
 */
export async function readPage(query: Query, parts: PageParts): Promise<readonly PostgresRow[]> {
  const indexed = parts.conditions.filter(({ isIndexed }) => isIndexed === true);
  if (indexed.length === parts.conditions.length) return await readRows(query, parts, undefined);
  const found: PostgresRow[] = [];
  let looked = LOOKED.first;
  for (let { after } = parts;;) {
    const startedAt = performance.now();
    const until = await findPlace(query, { ...parts, conditions: indexed, after }, looked);
    const rest = { ...parts, after, limit: parts.limit - found.length };
    found.push(...await readRows(query, rest, until));
    if (found.length >= parts.limit || until === undefined) return found;
    after = until;
    looked = performance.now() - startedAt > LONG_MS
      ? Math.max(Math.floor(looked / 4), LOOKED.least)
      : Math.min(looked * 2, LOOKED.most);
  }
}

/** Which rows, in which order. */
type OrderedRows = Omit<PageParts, "columns" | "limit">;

/** Tells which place so many rows end at; `undefined` where there are fewer. */
async function findPlace(
  query: Query,
  parts: OrderedRows,
  rows: number,
): Promise<Position | undefined> {
  const { time, id, from } = parts;
  const values = new Values();
  const [row] = await query(
    `SELECT ${time} AS at, ${id} AS id FROM ${from} WHERE ${whereOf(values, parts)}
     ${orderOf(parts)} OFFSET ${values.add(rows - 1)} LIMIT 1`,
    values.list,
  );
  return row && { receivedAt: integerColumn(row, "at"), id: textOf(row, "id") };
}

async function readRows(
  query: Query,
  parts: PageParts,
  until: Position | undefined,
): Promise<readonly PostgresRow[]> {
  const { columns, from, join = "", limit } = parts;
  const values = new Values();
  return await query(
    `SELECT ${columns} FROM ${from} ${join} WHERE ${whereOf(values, parts, until)}
     ${orderOf(parts)} LIMIT ${values.add(limit)}`,
    values.list,
  );
}

/** Behind one place, up to another one. */
function whereOf(values: Values, parts: OrderedRows, until?: Position): string {
  const { time, id, order, after } = parts;
  const behind = order === "newest first" ? "<" : ">";
  const before = order === "newest first" ? ">=" : "<=";
  const conditions = parts.conditions.map((condition) => values.fill(condition));
  for (const [place, comparison] of [[after, behind], [until, before]] as const) {
    if (place === undefined) continue;
    const [at, placeId] = [values.add(place.receivedAt), values.add(storedText(place.id))];
    conditions.push(`(${time}, ${id}) ${comparison} (${at}::bigint, ${placeId}::text)`);
    // What few rows that is, and in which week, is judged by a column of its own alone.
    conditions.push(`${time} ${comparison.slice(0, 1)}= ${at}::bigint`);
  }
  return conditions.join(" AND ") || "TRUE";
}

function orderOf({ time, id, order }: OrderedRows): string {
  const direction = order === "newest first" ? "DESC" : "ASC";
  return `ORDER BY ${time} ${direction}, ${id} ${direction}`;
}

/**
 * Reads rows in their order until there are as many as wanted: a text may be found where it only
 * seems to be, and what is read decides.
 *
 * @param query Runs a statement.
 * @param parts What the page is made of.
 * @param isMeant Whether a row is looked for.
 * @param placeOf Tells the place of a row.
 * @returns The rows.
 */
export async function readMeant(
  query: Query,
  parts: PageParts,
  isMeant: (row: PostgresRow) => boolean,
  placeOf: (row: PostgresRow) => Position,
): Promise<readonly PostgresRow[]> {
  const found: PostgresRow[] = [];
  for (let { after } = parts;;) {
    const limit = parts.limit - found.length;
    const rows = await readPage(query, { ...parts, after, limit });
    found.push(...rows.filter(isMeant));
    const last = rows.at(-1);
    if (found.length >= parts.limit || rows.length < limit || last === undefined) return found;
    after = placeOf(last);
  }
}

/**
 * Tells when the row came that has so many others of a span before it, newest first.
 *
 * @param query Runs a statement.
 * @param table The rows, and by which columns they are in order.
 * @param rows How many others.
 * @param span The span.
 * @returns When it came; `undefined` where no more than those are there.
 * @throws {SyntaxError} When the cursor is not one.
 */
export async function readTimeBehind(
  query: Query,
  table: Pick<PageParts, "from" | "time" | "id">,
  rows: number,
  { since, until, cursor }: ListSpan = {},
): Promise<number | undefined> {
  const conditions = [
    ...(since === undefined ? [] : [{ sql: `${table.time} >= ?`, values: [since] }]),
    ...(until === undefined ? [] : [{ sql: `${table.time} < ?`, values: [until] }]),
  ];
  const after = cursor === undefined ? undefined : parseCursor(cursor);
  const parts: OrderedRows = { ...table, conditions, order: "newest first", after };
  return (await findPlace(query, parts, rows + 1))?.receivedAt;
}

const LIST_LIMIT = 50;

/** A page of a list that goes on. */
export interface ListPage {
  readonly rows: readonly PostgresRow[];
  readonly next: string | null;
}

/**
 * Reads a page of a list and tells what continues it.
 *
 * @param cursor Where the page before ended.
 * @param limit The length of a page; 50 unless given.
 * @param read Reads so many rows behind a place.
 * @param placeOf Tells the place of a row.
 * @returns The page.
 * @throws {SyntaxError} When the cursor is not one.
 */
export async function listPage(
  cursor: string | undefined,
  limit: number | undefined,
  read: (after: Position | undefined, limit: number) => Promise<readonly PostgresRow[]>,
  placeOf: (row: PostgresRow) => Position,
): Promise<ListPage> {
  const length = limit ?? LIST_LIMIT;
  // One more than asked for tells whether there is a next page.
  const found = await read(cursor === undefined ? undefined : parseCursor(cursor), length + 1);
  const rows = found.slice(0, length);
  const last = rows.at(-1);
  const next = found.length > length && last !== undefined ? formatCursor(placeOf(last)) : null;
  return { rows, next };
}
