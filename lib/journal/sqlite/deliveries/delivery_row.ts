import * as z from "zod/mini";
import type { SQLInputValue } from "node:sqlite";
import { parseExactJson } from "../../../util/exact_json.ts";
import type { RuleText } from "../../../rules/decision.ts";
import type { Delivery, DeliverySummary, StoredDelivery } from "../../delivery.ts";
import type { RefusedLimits } from "../../journal.ts";
import { cutRefused } from "../../refused.ts";
import { bytes, integer, nullable, type Row, text } from "../columns.ts";

const askedSchema = z.object({
  service: z.string(),
  attempts: z.int(),
  status: z.nullable(z.int()),
  durationMs: z.number(),
  said: z.exactOptional(z.unknown()),
  refusal: z.exactOptional(z.string()),
  failure: z.exactOptional(z.string()),
  onFailure: z.exactOptional(z.nullable(z.record(z.string(), z.unknown()))),
});
const decisionsSchema = z.array(z.object({
  subject: z.exactOptional(z.string()),
  rule: z.nullable(z.string()),
  outcome: z.nullable(z.record(z.string(), z.unknown())),
  tried: z.int(),
  failures: z.array(z.object({ rule: z.string(), reason: z.string() })),
  timeZone: z.exactOptional(z.string()),
  asked: z.exactOptional(askedSchema),
}));
/** Before conditions were kept, a rule was its name alone. */
const rulesSchema = z.array(z.union([
  z.object({ name: z.string(), when: z.exactOptional(z.string()) }),
  z.pipe(z.string(), z.transform((name: string) => ({ name }))),
]));
const headersSchema = z.array(z.tuple([z.string(), z.string()]));

/** The columns of a list. */
export const SUMMARY_COLUMNS = `id, received_at, answered_at, endpoint, kind, status, verified_by,
  request_id, remote_address, note, repeat_of, erased_at, body_bytes, decisions,
  (SELECT names FROM rule_sets WHERE seq = rule_set) AS rules`;

/** All columns that make up a delivery. */
export const ALL_COLUMNS = `${SUMMARY_COLUMNS}, headers, answer, body`;

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
export function decodeSummary(row: Row): DeliverySummary {
  const note = nullable(row, "note", text);
  return {
    id: text(row, "id"),
    endpoint: text(row, "endpoint"),
    kind: text(row, "kind"),
    requestId: text(row, "request_id"),
    receivedAt: integer(row, "received_at"),
    answeredAt: integer(row, "answered_at"),
    remoteAddress: text(row, "remote_address"),
    verifiedBy: nullable(row, "verified_by", text),
    status: integer(row, "status"),
    decisions: decisionsSchema.parse(parseExactJson(text(row, "decisions"))),
    rules: rulesSchema.parse(JSON.parse(text(row, "rules"))),
    ...(note === null ? {} : { note }),
    bodyBytes: integer(row, "body_bytes"),
    repeatOf: nullable(row, "repeat_of", text),
    erasedAt: nullable(row, "erased_at", integer),
  };
}

/**
 * Reads a row of `ALL_COLUMNS`.
 *
 * @param row The row.
 * @returns The delivery.
 */
export function decodeDelivery(row: Row): StoredDelivery {
  return {
    ...decodeSummary(row),
    headers: headersSchema.parse(JSON.parse(text(row, "headers"))),
    body: bytes(row, "body"),
    answer: bytes(row, "answer"),
  };
}
