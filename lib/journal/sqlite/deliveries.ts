import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { RuleText } from "../../rules/decision.ts";
import {
  cutRefused,
  type Delivery,
  type DeliveryFilter,
  type DeliverySummary,
  type Position,
  type StoredDelivery,
} from "../delivery.ts";
import type { DeliveryPage, JournalCounts, ListOptions, RefusedLimits } from "../journal.ts";
import { parseDecisions, parseHeaders, parseRules } from "../stored_texts.ts";
import {
  bytesColumn,
  type Condition,
  createIdFinder,
  createKeyFinder,
  integerColumn,
  type Key,
  type KeyFinder,
  lowerAscii,
  nullableColumn,
  type Row,
  type Selection,
  textColumn,
} from "./rows.ts";
import type { Counts } from "./small_tables.ts";

/** Up to which key deliveries stand in the list. */
export const LISTED = "(SELECT n FROM counts WHERE kind = 'deliveries' AND name = 'listed')";

/** Reads deliveries. */
export interface DeliveryReader extends Pick<DeliveryList, "keysAfter"> {
  readonly list: (options: ListOptions) => DeliveryPage;
  readonly get: (id: string) => StoredDelivery | undefined;
  readonly bySeq: (seq: number) => StoredDelivery | undefined;
  readonly counts: () => JournalCounts;
}

/**
 * Prepares the statements that read deliveries.
 *
 * @param database An open database.
 * @param counts Its counts.
 * @returns The reader.
 */
export function createDeliveryReader(database: DatabaseSync, counts: Counts): DeliveryReader {
  const whole = database.prepare(`SELECT ${ALL_COLUMNS} FROM deliveries WHERE seq = ?`);
  const summary = database.prepare(`SELECT ${SUMMARY_COLUMNS} FROM deliveries WHERE seq = ?`);
  const size = database.prepare(
    "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size",
  );
  const counted = database.prepare(COUNTS);
  const { page, keysAfter } = createDeliveryList(database);
  const seqOf = createIdFinder(database, "deliveries");

  function bySeq(seq: number | undefined): StoredDelivery | undefined {
    return seq === undefined ? undefined : decoded(whole.get(seq), decodeDelivery);
  }

  return {
    list({ limit, cursor, ...filter }) {
      const { keys, next } = page(filter, cursor, limit);
      const deliveries = keys.flatMap(({ seq }) => decoded(summary.get(seq), decodeSummary) ?? []);
      return { deliveries, next };
    },
    get: (id) => bySeq(seqOf(id)),
    keysAfter,
    bySeq,
    counts() {
      const exports = counts.of("exports").get("all") ?? 0;
      const row = counted.get();
      return {
        accepted: integerColumn(row, "accepted"),
        refused: integerColumn(row, "refused"),
        exports,
        bytes: integerColumn(size.get(), "bytes"),
      };
    },
  };
}

function decoded<T>(row: Row | undefined, decode: (row: Row) => T): T | undefined {
  return row === undefined ? undefined : decode(row);
}

/** Those in the list are counted; the newest of those that came since says how many these are. */
const COUNTS = `
  SELECT listed.accepted + iif(is_unlisted, unlisted - unlisted_refused, 0) AS accepted,
    listed.refused + iif(is_unlisted, unlisted_refused, 0) AS refused
  FROM (
    SELECT coalesce(sum(n) FILTER (WHERE name = 'accepted'), 0) AS accepted,
      coalesce(sum(n) FILTER (WHERE name = 'refused'), 0) AS refused
    FROM counts WHERE kind = 'deliveries') AS listed
  LEFT JOIN (
    SELECT unlisted, unlisted_refused, seq > ${LISTED} AS is_unlisted
    FROM deliveries ORDER BY seq DESC LIMIT 1)`;

/** The columns of a list. */
const SUMMARY_COLUMNS = `id, received_at, answered_at, endpoint, kind, status, verified_by,
  request_id, remote_address, note, repeat_of, erased_at, body_bytes, decisions,
  (SELECT names FROM rule_sets WHERE seq = rule_set) AS rules`;

/** All columns that make up a delivery. */
const ALL_COLUMNS = `${SUMMARY_COLUMNS}, headers, answer, body`;

/** A delivery on its way into the file. */
export interface EncodedDelivery {
  readonly id: string;
  readonly endpoint: string;
  readonly receivedAt: number;
  readonly refused: boolean;
  /** The rules, as the text by which the set of them is known. */
  readonly rules: string;
  /** What is inserted behind the id and what the journal finds out. */
  readonly values: readonly SQLInputValue[];
  /** As it is kept. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * Turns a delivery into what is inserted.
 *
 * @param delivery The delivery.
 * @param limits What is kept of a refused one.
 * @returns The delivery, without what costs time and can be found where it is inserted.
 */
export function encodeDelivery(delivery: Delivery, limits: RefusedLimits): EncodedDelivery {
  const refused = delivery.verifiedBy === null;
  const kept = cutRefused(delivery, limits);
  const values = [
    delivery.receivedAt,
    delivery.answeredAt,
    kept.endpoint,
    delivery.kind,
    delivery.status,
    delivery.verifiedBy,
    delivery.requestId,
    delivery.remoteAddress,
    delivery.note ?? null,
    delivery.body.byteLength,
    JSON.stringify(delivery.decisions),
    JSON.stringify(kept.headers),
    delivery.answer,
    kept.body,
  ];
  const { id, endpoint, receivedAt } = delivery;
  const rules = textOf(delivery.rules);
  return { id, endpoint, receivedAt, refused, rules, values, body: kept.body };
}

/** An endpoint's list of rules is the same one for each of its deliveries. */
const texts = new WeakMap<readonly RuleText[], string>();

function textOf(rules: readonly RuleText[]): string {
  let text = texts.get(rules);
  if (text === undefined) texts.set(rules, text = JSON.stringify(rules));
  return text;
}

/**
 * Reads a row of `SUMMARY_COLUMNS`.
 *
 * @param row The row.
 * @returns What a list shows of the delivery.
 */
function decodeSummary(row: Row): DeliverySummary {
  const note = nullableColumn(row, "note", textColumn);
  return {
    id: textColumn(row, "id"),
    endpoint: textColumn(row, "endpoint"),
    kind: textColumn(row, "kind"),
    requestId: textColumn(row, "request_id"),
    receivedAt: integerColumn(row, "received_at"),
    answeredAt: integerColumn(row, "answered_at"),
    remoteAddress: textColumn(row, "remote_address"),
    verifiedBy: nullableColumn(row, "verified_by", textColumn),
    status: integerColumn(row, "status"),
    decisions: parseDecisions(textColumn(row, "decisions")),
    rules: parseRules(textColumn(row, "rules")),
    ...(note === null ? {} : { note }),
    bodyBytes: integerColumn(row, "body_bytes"),
    repeatOf: nullableColumn(row, "repeat_of", textColumn),
    erasedAt: nullableColumn(row, "erased_at", integerColumn),
  };
}

/**
 * Reads a row of `ALL_COLUMNS`.
 *
 * @param row The row.
 * @returns The delivery.
 */
function decodeDelivery(row: Row): StoredDelivery {
  return {
    ...decodeSummary(row),
    headers: parseHeaders(textColumn(row, "headers")),
    body: bytesColumn(row, "body"),
    answer: bytesColumn(row, "answer"),
  };
}

/** Finds deliveries by filters. */
export interface DeliveryList {
  readonly page: (
    filter: DeliveryFilter,
    cursor: string | undefined,
    limit: number | undefined,
  ) => ReturnType<KeyFinder["page"]>;
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
  const [comparison, direction] = order === "newest first" ? ["<", "DESC"] : [">", "ASC"];
  const conditions = conditionsOf(filter);
  if (after !== undefined) {
    const sql = `(ROW.received_at, ROW.id) ${comparison} (?, ?)`;
    conditions.push({ sql, values: [after.receivedAt, after.id] });
  }
  const values = [...conditions.flatMap((condition) => condition.values), limit];
  const select = (row: string, from: string, where: string) => {
    const all = [where, ...conditions.map(({ sql }) => sql.replaceAll("ROW.", `${row}.`))];
    return `SELECT * FROM (
      SELECT ${row}.seq AS seq, ${row}.received_at AS at, ${row}.id AS id FROM ${from}
      WHERE ${all.join(" AND ")}
      ORDER BY ${row}.received_at ${direction}, ${row}.id ${direction} LIMIT ?)`;
  };
  const isWithin = conditions.some(({ sql }) => sql.includes("deliveries."));
  const list = isWithin
    ? "delivery_list CROSS JOIN deliveries ON deliveries.seq = delivery_list.seq"
    : "delivery_list";
  return {
    sql: `${select("delivery_list", list, "TRUE")}
      UNION ALL ${select("deliveries", "deliveries", `deliveries.seq > ${LISTED}`)}
      ORDER BY at ${direction}, id ${direction} LIMIT ?`,
    values: [...values, ...values, limit],
  };
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
    const sought = new TextEncoder().encode(lowerAscii(text));
    add(TEXT_CONDITION, sought, sought, sought);
  }
  return conditions;
}
