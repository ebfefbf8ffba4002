import { encodeBase64 } from "@std/encoding/base64";
import type { DeliverySummary, StoredDelivery } from "../../journal/delivery.ts";

/**
 * Turns a delivery into what machines read of a list: times in ISO 8601, in UTC.
 *
 * @param delivery The delivery.
 * @returns An object to be written as JSON.
 */
export function summaryRecord(delivery: DeliverySummary) {
  return {
    id: delivery.id,
    receivedAt: iso(delivery.receivedAt),
    answeredAt: iso(delivery.answeredAt),
    durationMs: delivery.answeredAt - delivery.receivedAt,
    endpoint: delivery.endpoint,
    kind: delivery.kind,
    status: delivery.status,
    verifiedBy: delivery.verifiedBy,
    requestId: delivery.requestId,
    remoteAddress: delivery.remoteAddress,
    repeatOf: delivery.repeatOf,
    ...(delivery.note === undefined ? {} : { note: delivery.note }),
    erasedAt: delivery.erasedAt === null ? null : iso(delivery.erasedAt),
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
    rules: delivery.rules,
    headers: delivery.headers,
    body: body.text,
    bodyEncoding: body.encoding,
    answer: answer.text,
    answerEncoding: answer.encoding,
  };
}

/** Bytes as text, from which the exact bytes can be made again. */
export interface Content {
  readonly text: string;
  readonly encoding: "utf-8" | "base64";
}

/**
 * Writes bytes as text, so that the exact bytes can be made of it again.
 *
 * @param bytes The bytes.
 * @returns Their text when they are UTF-8, else their Base64.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { contentOf } from "./record.ts";
 *
 * assertEquals(contentOf(new Uint8Array([123, 125])), { text: "{}", encoding: "utf-8" });
 * assertEquals(contentOf(new Uint8Array([255])), { text: "/w==", encoding: "base64" });
 * ```
 */
export function contentOf(bytes: Uint8Array): Content {
  try {
    // A byte order mark belongs to the bytes.
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { text: decoder.decode(bytes), encoding: "utf-8" };
  } catch {
    return { text: encodeBase64(bytes), encoding: "base64" };
  }
}

function iso(moment: number): string {
  return new Date(moment).toISOString();
}
