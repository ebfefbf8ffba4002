import type { RuleText } from "../../rules/decision.ts";
import { hash } from "../../util/hash.ts";
import { cutRefused, type Delivery, fingerprint, keptNumbers } from "../delivery.ts";
import type { RefusedLimits } from "../journal.ts";
import type { Query } from "./connection.ts";
import type { Counting } from "./counters.ts";
import { integerColumn } from "../columns.ts";
import { storedText, Values } from "./rows.ts";

/** A delivery on its way into the database. */
export interface DeliveryToInsert {
  readonly id: string;
  readonly receivedAt: number;
  readonly refused: boolean;
  /** What it takes, roughly. */
  readonly bytes: number;
  readonly rules: string;
  /** What `NAMES` take before `rule_set`. */
  readonly values: readonly unknown[];
}

/** What a delivery brings. */
const NAMES = `id, received_at, answered_at, endpoint, kind, status, verified_by, request_id,
  remote_address, note, body_bytes, numbers, rules, decisions, headers, answer, body, fingerprint,
  rule_set`;

/** What a row takes beside its contents, roughly. */
export const ROW_BYTES = 600;

/**
 * Turns a delivery into what is inserted.
 *
 * @param delivery The delivery; its bytes are copied.
 * @param limits What is kept of a refused one.
 * @returns The delivery.
 */
export function deliveryToInsert(delivery: Delivery, limits: RefusedLimits): DeliveryToInsert {
  const refused = delivery.verifiedBy === null;
  const kept = cutRefused(delivery, limits);
  const content = refused ? null : fingerprint(delivery.endpoint, kept.body);
  const deciding = delivery.decisions.flatMap(({ rule, row }) =>
    [rule, row?.rule].filter((name) => typeof name === "string")
  );
  const values = [
    storedText(delivery.id),
    delivery.receivedAt,
    delivery.answeredAt,
    storedText(kept.endpoint),
    storedText(delivery.kind),
    delivery.status,
    delivery.verifiedBy === null ? null : storedText(delivery.verifiedBy),
    storedText(delivery.requestId),
    storedText(delivery.remoteAddress),
    delivery.note === undefined ? null : storedText(delivery.note),
    delivery.body.byteLength,
    keptNumbers(delivery)?.map(storedText) ?? null,
    [...new Set(deciding)].map(storedText),
    storedText(JSON.stringify(delivery.decisions)),
    storedText(JSON.stringify(kept.headers)),
    delivery.answer.slice(),
    kept.body.slice(),
    content,
  ];
  const bytes = ROW_BYTES + kept.body.byteLength + delivery.answer.byteLength;
  const { id, receivedAt } = delivery;
  return {
    id,
    receivedAt,
    refused,
    bytes,
    rules: rulesText(delivery.rules),
    values,
  };
}

/** An endpoint's list of rules is the same one for each of its deliveries. */
const texts = new WeakMap<readonly RuleText[], string>();

function rulesText(rules: readonly RuleText[]): string {
  let text = texts.get(rules);
  if (text === undefined) texts.set(rules, text = JSON.stringify(rules));
  return text;
}

/** The rows of lists of rules by what they say; none of them ever goes. */
export type KnownRuleSets = Map<string, number>;

/**
 * Inserts deliveries, and what they add to the counters in the same statement where that is given: a
 * lone one that brings nothing else needs no transaction of its own. Within a transaction that goes on
 * it must not be: others wait for the rows of the counters, and this one may wait for theirs.
 *
 * @param query Runs a statement.
 * @param deliveries The deliveries, in the order in which they came.
 * @param sets Lists of rules that are known; those that are not are added.
 * @param counting What is added to the counters, if this is all.
 */
export async function insertDeliveries(
  query: Query,
  deliveries: readonly DeliveryToInsert[],
  sets: KnownRuleSets,
  counting?: Counting,
): Promise<void> {
  await knowRuleSets(query, deliveries, sets);
  const values = new Values();
  const tuples = deliveries.map((delivery) => {
    const row = [...delivery.values, sets.get(delivery.rules)].map((value) => values.add(value));
    return `(${row.join(", ")})`;
  });
  // What each repeats is looked for where it is read: that no shopper waits for.
  const insertion = `INSERT INTO deliveries (${NAMES}) VALUES ${tuples.join(", ")}`;
  const counted = counting?.statement(values);
  await query(
    counted === undefined ? insertion : `WITH stored AS (${insertion}) ${counted}`,
    values.list,
  );
}

async function knowRuleSets(
  query: Query,
  deliveries: readonly DeliveryToInsert[],
  sets: KnownRuleSets,
): Promise<void> {
  // In one order, so that two transactions never wait for each other.
  const unknown = [...new Set(deliveries.map(({ rules }) => rules))]
    .filter((rules) => !sets.has(rules)).sort();
  for (const rules of unknown) {
    const digest = hash("sha256", rules).toHex();
    const [found] = await query("SELECT seq FROM rule_sets WHERE digest = $1", [digest]);
    const [row] = found === undefined
      ? await query(
        `INSERT INTO rule_sets (digest, names) VALUES ($1, $2)
         ON CONFLICT (digest) DO UPDATE SET digest = excluded.digest RETURNING seq`,
        [digest, storedText(rules)],
      )
      : [found];
    sets.set(rules, integerColumn(row, "seq"));
  }
}
