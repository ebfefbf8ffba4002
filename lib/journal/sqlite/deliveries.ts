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
import { createCountTable } from "./counts.ts";
import {
  bytesColumn,
  type Condition,
  createKeyFinder,
  integerColumn,
  type Key,
  nullableColumn,
  type Row,
  type Selection,
  textColumn,
  writeSelection,
} from "./rows.ts";

/** Reads deliveries. */
export interface DeliveryReader {
  readonly list: (options: ListOptions) => DeliveryPage;
  readonly get: (id: string) => StoredDelivery | undefined;
  /** The keys of the next deliveries, oldest first. */
  readonly keysAfter: (
    filter: DeliveryFilter,
    after: Position | undefined,
    limit: number,
  ) => readonly Key[];
  readonly bySeq: (seq: number) => StoredDelivery | undefined;
  readonly counts: () => JournalCounts;
}

/**
 * Prepares the statements that read deliveries.
 *
 * @param database An open database.
 * @returns The reader.
 */
export function createDeliveryReader(database: DatabaseSync): DeliveryReader {
  const byId = database.prepare(`SELECT ${ALL_COLUMNS} FROM deliveries WHERE id = ?`);
  const whole = database.prepare(`SELECT ${ALL_COLUMNS} FROM deliveries WHERE seq = ?`);
  const summary = database.prepare(`SELECT ${SUMMARY_COLUMNS} FROM deliveries WHERE seq = ?`);
  const counts = createCountTable(database);
  const size = database.prepare(
    "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size",
  );
  const finder = createKeyFinder(database);

  return {
    list({ limit, cursor, ...filter }) {
      const { keys, next } = finder.page(
        (after, atMost) => selectKeys(filter, "newest first", after, atMost),
        cursor,
        limit,
      );
      const deliveries = keys.flatMap(({ seq }) => decoded(summary.get(seq), decodeSummary) ?? []);
      return { deliveries, next };
    },
    get: (id) => decoded(byId.get(id), decodeDelivery),
    keysAfter: (filter, after, limit) =>
      finder.find(selectKeys(filter, "oldest first", after, limit)),
    bySeq: (seq) => decoded(whole.get(seq), decodeDelivery),
    counts() {
      const deliveries = counts("deliveries");
      return {
        accepted: deliveries.get("accepted") ?? 0,
        refused: deliveries.get("refused") ?? 0,
        exports: counts("exports").get("all") ?? 0,
        bytes: integerColumn(size.get(), "bytes"),
      };
    },
  };
}

function decoded<T>(row: Row | undefined, decode: (row: Row) => T): T | undefined {
  return row === undefined ? undefined : decode(row);
}

/** Compares bytes, because text may hold anything; `lower()` knows ASCII letters alone. */
const TEXT_CONDITION = `(
  instr(CAST(lower(CAST(body AS TEXT)) AS BLOB), ?) > 0 OR
  instr(CAST(lower(CAST(answer AS TEXT)) AS BLOB), ?) > 0 OR
  instr(CAST(lower(request_id) AS BLOB), ?) > 0)`;

/** What a rule decided stands in the row, after all that the index holds. */
const RULE_CONDITION = `EXISTS (
  SELECT 1 FROM json_each(deliveries.decisions)
    WHERE ? IN (json_each.value ->> '$.rule', json_each.value ->> '$.row.rule'))`;

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
 * @returns The query, for the columns `seq`, `at` and `id`.
 */
function selectKeys(
  filter: DeliveryFilter,
  order: "newest first" | "oldest first",
  after: Position | undefined,
  limit: number,
): Selection {
  const [from, time] = ["deliveries INDEXED BY deliveries_in_order", "received_at"];
  return writeSelection({ from, time, conditions: conditionsOf(filter), order, after, limit });
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
  /** What `INSERT_DELIVERY` takes between the row of the rule set and the body. */
  readonly values: readonly SQLInputValue[];
  /** As it is kept. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Inserts one delivery; a repeat finds the earlier one by itself. */
export const INSERT_DELIVERY = `
  INSERT INTO deliveries (rule_set, id, received_at, answered_at, endpoint, kind, status, verified_by,
    request_id, remote_address, note, body_bytes, decisions, headers, answer, body, fingerprint,
    repeat_of)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
    (SELECT id FROM deliveries WHERE fingerprint = ? ORDER BY seq LIMIT 1))`;

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
    delivery.id,
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
