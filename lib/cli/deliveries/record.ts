import type { DeliverySummary, StoredDelivery } from "../../journal/delivery.ts";
import { contentOf, isoOrNull } from "../records/content.ts";

/**
 * Turns a delivery into what machines read of a list: times in ISO 8601, in UTC.
 *
 * @param delivery The delivery.
 * @returns An object to be written as JSON.
 */
export function summaryRecord(delivery: DeliverySummary) {
  return {
    id: delivery.id,
    receivedAt: isoOrNull(delivery.receivedAt),
    answeredAt: isoOrNull(delivery.answeredAt),
    durationMs: delivery.answeredAt - delivery.receivedAt,
    endpoint: delivery.endpoint,
    kind: delivery.kind,
    status: delivery.status,
    verifiedBy: delivery.verifiedBy,
    requestId: delivery.requestId,
    remoteAddress: delivery.remoteAddress,
    repeatOf: delivery.repeatOf,
    ...(delivery.note === undefined ? {} : { note: delivery.note }),
    erasedAt: isoOrNull(delivery.erasedAt),
    bodyBytes: delivery.bodyBytes,
    decisions: delivery.decisions,
  };
}

/**
 * Turns a delivery into all that machines read of it. Bytes are text when they are UTF-8, else
 * Base64: `bodyEncoding` and `answerEncoding` tell which.
 *
 * @param delivery The delivery.
 * @returns An object to be written as JSON.
 */
export function deliveryRecord(delivery: StoredDelivery) {
  const body = contentOf(delivery.body);
  const answer = contentOf(delivery.answer);
  return {
    ...summaryRecord(delivery),
    rules: delivery.rules.map(({ name }) => name),
    headers: delivery.headers,
    body: body.text,
    bodyEncoding: body.encoding,
    answer: answer.text,
    answerEncoding: answer.encoding,
  };
}
