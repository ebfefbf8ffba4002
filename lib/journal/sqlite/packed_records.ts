/**
 * Deliveries on their way to another thread, in few values: a message takes its time for each name,
 * each object and each run of bytes in it, and what came together is much alike.
 */
import type { SQLInputValue } from "node:sqlite";
import type { EncodedDelivery } from "./deliveries.ts";

/** A delivery from which nothing follows, as nearly all are. */
export interface PlainRecord {
  /** Of the call that records it. */
  readonly id: number;
  readonly delivery: EncodedDelivery;
}

/** Such deliveries in few values: a list holds what each of them has, in their order. */
export interface PackedRecords {
  readonly calls: readonly number[];
  readonly ids: readonly string[];
  readonly receivedAt: readonly number[];
  readonly refused: readonly boolean[];
  readonly endpoints: readonly Repeatable<string>[];
  readonly rules: readonly Repeatable<string>[];
  /** All values of the first, then all of the second. */
  readonly values: readonly Repeatable<SQLInputValue>[];
  readonly answerBytes: readonly number[];
  readonly bodyBytes: readonly number[];
  /** The answer and the body of the first, then those of the second. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** `undefined` where it is what it was of the delivery before. */
type Repeatable<Value> = Value | undefined;

/**
 * Packs deliveries.
 *
 * @param records The deliveries; all have as many values.
 * @returns They, with bytes of their own.
 */
export function packRecords(records: readonly PlainRecord[]): PackedRecords {
  const values: Repeatable<SQLInputValue>[] = [];
  const bytes = new Uint8Array(
    records.reduce((sum, { delivery: { answer, body } }) => sum + answer.length + body.length, 0),
  );
  let before: EncodedDelivery | undefined;
  let end = 0;
  for (const { delivery } of records) {
    for (const [column, value] of delivery.values.entries()) {
      values.push(value === before?.values[column] ? undefined : value);
    }
    bytes.set(delivery.answer, end);
    bytes.set(delivery.body, end + delivery.answer.length);
    end += delivery.answer.length + delivery.body.length;
    before = delivery;
  }
  const deliveries = records.map(({ delivery }) => delivery);
  return {
    calls: records.map(({ id }) => id),
    ids: deliveries.map(({ id }) => id),
    receivedAt: deliveries.map(({ receivedAt }) => receivedAt),
    refused: deliveries.map(({ refused }) => refused),
    endpoints: withoutRepeats(deliveries.map(({ endpoint }) => endpoint)),
    rules: withoutRepeats(deliveries.map(({ rules }) => rules)),
    values,
    answerBytes: deliveries.map(({ answer }) => answer.length),
    bodyBytes: deliveries.map(({ body }) => body.length),
    bytes,
  };
}

function withoutRepeats(texts: readonly string[]): readonly Repeatable<string>[] {
  return texts.map((text, index) => text === texts[index - 1] ? undefined : text);
}

/**
 * Unpacks deliveries.
 *
 * @param packed What was packed.
 * @returns The deliveries; their bytes are parts of what was packed.
 */
export function unpackRecords(packed: PackedRecords): readonly PlainRecord[] {
  const { calls, bytes } = packed;
  const width = packed.values.length / calls.length;
  let [endpoint, rules, end] = ["", "", 0];
  let values: readonly SQLInputValue[] = [];
  return calls.map((call, index) => {
    const before = values;
    values = packed.values.slice(index * width, (index + 1) * width)
      .map((value, column) => value === undefined ? before[column] ?? null : value);
    endpoint = packed.endpoints[index] ?? endpoint;
    rules = packed.rules[index] ?? rules;
    const answerEnd = end + (packed.answerBytes[index] ?? 0);
    const bodyEnd = answerEnd + (packed.bodyBytes[index] ?? 0);
    const delivery = {
      id: packed.ids[index] ?? "",
      endpoint,
      receivedAt: packed.receivedAt[index] ?? 0,
      refused: packed.refused[index] ?? false,
      rules,
      values,
      answer: bytes.subarray(end, answerEnd),
      body: bytes.subarray(answerEnd, bodyEnd),
      isBodyGiven: true,
    };
    end = bodyEnd;
    return { id: call, delivery };
  });
}
