import type { RuleText } from "../../rules/decision.ts";
import { hash } from "../../util/hash.ts";
import { cutRefused, type Delivery, keptNumbers } from "../delivery.ts";
import type { RefusedLimits } from "../journal.ts";
import type { Query } from "./connection.ts";
import type { Counting } from "./counters.ts";
import { integerColumn } from "../columns.ts";
import { bigints, bytes, integers, type ListedColumns, texts } from "./insert_lists.ts";
import { arrayText, Lists } from "./lists.ts";
import { storedText } from "./rows.ts";

/** A delivery on its way into the database; its texts are as `storedText()` gives them. */
export interface DeliveryToInsert {
  readonly id: string;
  readonly receivedAt: number;
  readonly answeredAt: number;
  readonly endpoint: string;
  readonly kind: string;
  readonly status: number;
  readonly verifiedBy: string | null;
  readonly requestId: string;
  readonly remoteAddress: string;
  readonly note: string | null;
  readonly bodyBytes: number;
  readonly numbers: string | null;
  /** The names of the rules that decided. */
  readonly deciding: string;
  readonly decisions: string;
  readonly headers: string;
  readonly answer: Uint8Array;
  readonly body: Uint8Array;
  /** The endpoint's list of rules. */
  readonly rules: string;
  readonly refused: boolean;
  /** What it takes, roughly. */
  readonly bytes: number;
}

/** What a delivery brings. */
const COLUMNS: ListedColumns<DeliveryToInsert> = {
  id: texts(({ id }) => id),
  received_at: bigints(({ receivedAt }) => receivedAt),
  answered_at: bigints(({ answeredAt }) => answeredAt),
  endpoint: texts(({ endpoint }) => endpoint),
  kind: texts(({ kind }) => kind),
  status: integers(({ status }) => status),
  verified_by: texts(({ verifiedBy }) => verifiedBy),
  request_id: texts(({ requestId }) => requestId),
  remote_address: texts(({ remoteAddress }) => remoteAddress),
  note: texts(({ note }) => note),
  body_bytes: bigints(({ bodyBytes }) => bodyBytes),
  numbers: texts(({ numbers }) => numbers),
  rules: texts(({ deciding }) => deciding),
  decisions: texts(({ decisions }) => decisions),
  headers: texts(({ headers }) => headers),
  answer: bytes(({ answer }) => answer),
  body: bytes(({ body }) => body),
};

const NAMES = [...Object.keys(COLUMNS), "rule_set"].join(", ");
/** A list of lists is none: what is one comes as a text. */
const SELECTED = NAMES.replace(/\b(?:numbers|rules)\b/g, "$&::text[]");

/**
 * What `fingerprint()` gives. The database has the bytes at hand, and works beside the thread in which
 * all requests are decided.
 */
const FINGERPRINT = `CASE WHEN verified_by IS NOT NULL
  THEN sha256(convert_to(endpoint, 'UTF8') || decode('00', 'hex') || body) END`;

/** What a row takes beside its contents, roughly. */
export const ROW_BYTES = 600;

/**
 * Turns a delivery into what is inserted.
 *
 * @param delivery The delivery; its bytes must stay as they are until it is stored.
 * @param limits What is kept of a refused one.
 * @returns The delivery.
 */
export function deliveryToInsert(delivery: Delivery, limits: RefusedLimits): DeliveryToInsert {
  const refused = delivery.verifiedBy === null;
  const kept = cutRefused(delivery, limits);
  const deciding = delivery.decisions.flatMap(({ rule, row }) =>
    [rule, row?.rule].filter((name) => typeof name === "string")
  );
  const numbers = keptNumbers(delivery);
  return {
    id: storedText(delivery.id),
    receivedAt: delivery.receivedAt,
    answeredAt: delivery.answeredAt,
    endpoint: storedText(kept.endpoint),
    kind: storedText(delivery.kind),
    status: delivery.status,
    verifiedBy: delivery.verifiedBy === null ? null : storedText(delivery.verifiedBy),
    requestId: storedText(delivery.requestId),
    remoteAddress: storedText(delivery.remoteAddress),
    note: delivery.note === undefined ? null : storedText(delivery.note),
    bodyBytes: delivery.body.byteLength,
    numbers: numbers === undefined ? null : arrayText(numbers.map(storedText)),
    deciding: arrayText([...new Set(deciding)].map(storedText)),
    decisions: storedText(JSON.stringify(delivery.decisions)),
    headers: storedText(JSON.stringify(kept.headers)),
    answer: delivery.answer,
    body: kept.body,
    rules: rulesText(delivery.rules),
    refused,
    bytes: ROW_BYTES + kept.body.byteLength + delivery.answer.byteLength,
  };
}

/** An endpoint's list of rules is the same one for each of its deliveries. */
const ruleTexts = new WeakMap<readonly RuleText[], string>();

function rulesText(rules: readonly RuleText[]): string {
  let text = ruleTexts.get(rules);
  if (text === undefined) ruleTexts.set(rules, text = JSON.stringify(rules));
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
  const lists = new Lists({ isOfKeptStatement: true });
  const columns = Object.values(COLUMNS).map((column) => column(lists, deliveries));
  const ruleSets = lists.bigints(deliveries.map(({ rules }) => sets.get(rules) ?? null));
  // What each repeats is looked for where it is read: that no shopper waits for.
  const insertion = `INSERT INTO deliveries (${NAMES}, fingerprint)
    SELECT ${SELECTED}, ${FINGERPRINT} FROM unnest(${
    columns.join(", ")
  }, ${ruleSets}) AS came (${NAMES})`;
  const counted = counting?.statement(lists);
  await query(
    counted === undefined ? insertion : `WITH stored AS (${insertion}) ${counted}`,
    lists,
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
