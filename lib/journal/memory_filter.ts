import type { StoredDelivery } from "./delivery.ts";
import type { DeliveryFilter } from "./filter.ts";

/**
 * Tells whether a delivery is meant by a filter.
 *
 * @param delivery The delivery.
 * @param filter The filter.
 * @returns Whether every field of the filter holds.
 */
export function matchesFilter(delivery: StoredDelivery, filter: DeliveryFilter): boolean {
  const { endpoint, kind, status, since, until, text, verified } = filter;
  return (endpoint === undefined || delivery.endpoint === endpoint) &&
    (kind === undefined || delivery.kind === kind) &&
    (status === undefined || delivery.status >= status[0] && delivery.status <= status[1]) &&
    (since === undefined || delivery.receivedAt >= since) &&
    (until === undefined || delivery.receivedAt < until) &&
    (verified === undefined || (delivery.verifiedBy !== null) === verified) &&
    (text === undefined || holdsText(delivery, text));
}

function holdsText({ body, answer, requestId }: StoredDelivery, text: string): boolean {
  const encoder = new TextEncoder();
  const sought = comparable(encoder.encode(text));
  return [body, answer, encoder.encode(requestId)]
    .some((content) => comparable(content).includes(sought));
}

/** One character a byte, so that any bytes compare, with ASCII letters in lower case. */
function comparable(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes)
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
