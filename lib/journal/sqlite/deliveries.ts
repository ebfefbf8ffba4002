import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { RuleText } from "../../rules/decision.ts";
import {
  cutRefused,
  type Delivery,
  type DeliverySummary,
  keptNumbers,
  type StoredDelivery,
} from "../delivery.ts";
import type { DeliveryPage, JournalCounts, ListOptions, RefusedLimits } from "../journal.ts";
import type { RoleTest } from "../mentions.ts";
import { parseDecisions, parseHeaders, parseRules, parseTexts } from "../stored_texts.ts";
import { createDeliveryList, type DeliveryList, LISTED } from "./delivery_list.ts";
import { bytesColumn, integerColumn, nullableColumn } from "../columns.ts";
import { createIdFinder, type Row, textColumn } from "./rows.ts";
import type { Counts } from "./small_tables.ts";

/** Reads deliveries. */
export interface DeliveryReader extends Pick<DeliveryList, "keysAfter" | "timeBehind"> {
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
  const { page, keysAfter, timeBehind } = createDeliveryList(database);
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
    timeBehind,
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
const ALL_COLUMNS = `${SUMMARY_COLUMNS}, numbers, headers, answer, body`;

/** A delivery on its way into the file. */
export interface EncodedDelivery {
  readonly id: string;
  readonly endpoint: string;
  readonly receivedAt: number;
  readonly refused: boolean;
  /** The rules, as the text by which the set of them is known. */
  readonly rules: string;
  /** What is inserted between what the journal finds out and the bytes. */
  readonly values: readonly SQLInputValue[];
  readonly answer: Uint8Array<ArrayBuffer>;
  /** As it is kept. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** Whether nobody else needs the body any more. */
  readonly isBodyGiven: boolean;
}

/**
 * Turns a delivery into what is inserted.
 *
 * @param delivery The delivery.
 * @param limits What is kept of a refused one.
 * @param isBodyGiven Whether nobody else needs the body any more.
 * @returns The delivery, without what costs time and can be found where it is inserted.
 */
export function encodeDelivery(
  delivery: Delivery,
  limits: RefusedLimits,
  isBodyGiven = false,
): EncodedDelivery {
  const refused = delivery.verifiedBy === null;
  const kept = cutRefused(delivery, limits);
  const values = [
    textOfNumbers(keptNumbers(delivery)),
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
  ];
  const { id, endpoint, receivedAt, answer } = delivery;
  const rules = textOf(delivery.rules);
  return { id, endpoint, receivedAt, refused, rules, values, answer, body: kept.body, isBodyGiven };
}

function textOfNumbers(numbers: readonly string[] | undefined): string | null {
  return numbers === undefined ? null : JSON.stringify(numbers);
}

/** An endpoint's list of rules is the same one for each of its deliveries. */
const texts = new WeakMap<readonly RuleText[], string>();

function textOf(rules: readonly RuleText[]): string {
  let text = texts.get(rules);
  if (text === undefined) texts.set(rules, text = JSON.stringify(rules));
  return text;
}

/** How exactly it is noted when a list was used last: to note it each time would cost a page. */
const NOTED_EVERY_MS = 24 * 3_600_000;

/** Lists of rules: kept once, however many deliveries were decided by them. */
export interface RuleSets {
  /**
   * Finds the row of a list; a new one is written, so this belongs inside a transaction.
   *
   * @param names The list, as text.
   * @param receivedAt When the delivery came in that was decided by it.
   */
  rowOf(names: string, receivedAt: number): number;
  /**
   * Removes the lists by which no delivery of then or later was decided.
   *
   * @param before When; what was used within two days before it stays, too.
   */
  removeUnused(before: number): void;
  /** Forgets which rows there are: a transaction that wrote some was rolled back. */
  forget(): void;
}

interface KnownSet {
  readonly row: number;
  readonly usedAt: number;
}

/**
 * Prepares the statements for lists of rules.
 *
 * @param database A database open for writing.
 * @returns The lists.
 */
export function createRuleSets(database: DatabaseSync): RuleSets {
  const insertion = database.prepare(`
    INSERT INTO rule_sets (names, used_at) VALUES (?, ?)
    ON CONFLICT (names) DO UPDATE SET used_at = max(used_at, excluded.used_at)
    RETURNING seq, used_at`);
  const removal = database.prepare("DELETE FROM rule_sets WHERE used_at < ?");
  const known = new Map<string, KnownSet>();
  return {
    rowOf(names, receivedAt) {
      let set = known.get(names);
      if (set === undefined || receivedAt - set.usedAt > NOTED_EVERY_MS) {
        const row = insertion.get(names, receivedAt);
        known.set(
          names,
          set = { row: integerColumn(row, "seq"), usedAt: integerColumn(row, "used_at") },
        );
      }
      return set.row;
    },
    removeUnused(before) {
      if (removal.run(before - 2 * NOTED_EVERY_MS).changes > 0) known.clear();
    },
    forget: () => known.clear(),
  };
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
  const summary = decodeSummary(row);
  const numbers = nullableColumn(row, "numbers", textColumn);
  return {
    ...summary,
    ...(numbers === null || summary.erasedAt !== null ? {} : { numbers: parseTexts(numbers) }),
    headers: parseHeaders(textColumn(row, "headers")),
    body: bytesColumn(row, "body"),
    answer: bytesColumn(row, "answer"),
  };
}

/** The columns in which a person may be named, and the id. */
export const DELIVERY_CONTENT =
  "id, received_at, endpoint, request_id, note, decisions, headers, answer, body, erased_at";

/**
 * Takes out what a delivery holds. The fingerprint goes too: who knows the body could recognize it.
 * Where it was sent and its request id stay, unless they name the person.
 */
const BLANK_DELIVERY = `
  UPDATE deliveries SET erased_at = unixepoch() * 1000, remote_address = '', note = NULL,
    decisions = '[]', headers = '[]', answer = x'', body = x'', body_bytes = 0, content = NULL, numbers = '[]',
    endpoint = ?, request_id = ?
  WHERE seq = ?`;

/**
 * Prepares the statement that takes out what a delivery holds.
 *
 * @param database A database open for writing.
 * @param roleOf Tells what names the person.
 * @returns What does it to a row of `DELIVERY_CONTENT` and `seq`.
 */
export function createDeliveryEraser(
  database: DatabaseSync,
  roleOf: RoleTest,
): (row: Row) => void {
  const blank = database.prepare(BLANK_DELIVERY);
  const blankInList = database.prepare(
    "UPDATE delivery_list SET endpoint = ?, content = NULL, numbered = 1 " +
      "WHERE received_at = ? AND id = ?",
  );
  const removeNumbers = database.prepare(`DELETE FROM delivery_numbers WHERE seq = ? AND number IN
    (SELECT value FROM deliveries, json_each(numbers) WHERE deliveries.seq = ?)`);
  const unlessNamed = (value: string) => roleOf([value]) === null ? value : "";
  return (row) => {
    const [endpoint, requestId] = [textColumn(row, "endpoint"), textColumn(row, "request_id")];
    const kept = unlessNamed(endpoint);
    const seq = integerColumn(row, "seq");
    removeNumbers.run(seq, seq);
    blank.run(kept, unlessNamed(requestId), seq);
    blankInList.run(kept, integerColumn(row, "received_at"), textColumn(row, "id"));
  };
}
