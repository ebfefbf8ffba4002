import type { StoredDelivery } from "../../../../lib/journal/delivery.ts";
import type { DeliveryFilter } from "../../../../lib/journal/delivery_filter.ts";
import type { EventFilter, KeptEvent } from "../../../../lib/journal/events.ts";

/**
 * Tells whether a delivery is meant by a filter.
 *
 * @param delivery The delivery.
 * @param filter The filter.
 * @returns Whether every field of the filter holds.
 */
export function matchesFilter(delivery: StoredDelivery, filter: DeliveryFilter): boolean {
  const { endpoint, kind, status, since, until, text, number, rule, verified, verifiedBy } = filter;
  return (endpoint === undefined || delivery.endpoint === endpoint) &&
    (kind === undefined || delivery.kind === kind) &&
    (status === undefined || delivery.status >= status[0] && delivery.status <= status[1]) &&
    (since === undefined || delivery.receivedAt >= since) &&
    (until === undefined || delivery.receivedAt < until) &&
    (rule === undefined || delivery.decisions.some((decision) => decision.rule === rule)) &&
    (verifiedBy === undefined || isVerifiedBy(delivery.verifiedBy, verifiedBy)) &&
    (verified === undefined || (delivery.verifiedBy !== null) === verified) &&
    [text, number].every((sought) =>
      sought === undefined || anyHolds([delivery.body, delivery.answer, delivery.requestId], sought)
    );
}

function isVerifiedBy(found: string | null, wanted: string): boolean {
  return found !== null &&
    (found === wanted || ` ${found.replaceAll(", ", " ")} `.includes(` ${wanted} `));
}

/**
 * Tells whether an event is meant by a filter.
 *
 * @param event The event.
 * @param filter The filter.
 * @returns Whether every field of the filter holds.
 */
export function matchesEventFilter(event: KeptEvent, filter: EventFilter): boolean {
  const { endpoint, source, type, subject, since, until, text, withWarnings } = filter;
  return (endpoint === undefined || event.endpoint === endpoint) &&
    (source === undefined || event.source === source) &&
    (type === undefined || event.type === type) &&
    (subject === undefined || event.subject === subject) &&
    (since === undefined || event.receivedAt >= since) &&
    (until === undefined || event.receivedAt < until) &&
    (withWarnings === undefined || (event.warnings.length > 0) === withWarnings) &&
    (text === undefined || anyHolds([event.payload, event.subject, event.key], text));
}

function anyHolds(contents: readonly (string | Uint8Array)[], text: string): boolean {
  const encoder = new TextEncoder();
  const sought = comparable(encoder.encode(text));
  return contents.some((content) =>
    comparable(typeof content === "string" ? encoder.encode(content) : content).includes(sought)
  );
}

/** One character a byte, so that any bytes compare, with ASCII letters in lower case. */
function comparable(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes)
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
