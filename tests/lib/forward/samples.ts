import type { AttemptResult, Destination } from "../../../lib/forward/attempt.ts";
import type { ForwardToPut } from "./memory_outbox.ts";
import type { Attempt, Forward, StoredEvent } from "../../../lib/forward/outbox.ts";
import { MAX_PAUSE_MS, RETRY_DELAYS_MS } from "../../../lib/forward/retry_policy.ts";
import { newDeliveryId } from "../../../lib/journal/delivery.ts";

/** Where the clocks of these tests start. */
export const NOW = Date.UTC(2026, 10, 21, 8, 30, 5, 7);

const encoder = new TextEncoder();

/** The bytes of a text. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** An event, but for what is given. */
export function storedEvent(parts: Partial<StoredEvent> = {}): StoredEvent {
  const id = newDeliveryId();
  return {
    id,
    deliveryId: newDeliveryId(),
    endpoint: "/emporix",
    receivedAt: NOW,
    duplicates: 0,
    source: "emporix",
    type: "cart.created",
    candidates: ["cart.created"],
    subject: `cart/${id}`,
    key: id,
    occurredAt: null,
    warnings: [],
    payload: bytesOf('{ "total": 20.00 }'),
    ...parts,
  };
}

/** A forward to put into an outbox, but for what is given. */
export function toPut(parts: Partial<ForwardToPut> = {}): ForwardToPut {
  return {
    id: newDeliveryId(),
    destination: "erp",
    event: storedEvent(),
    createdAt: NOW,
    ...parts,
  };
}

/** A forward as an outbox gives it, of this event. */
export function forwardOf(event: StoredEvent): Forward {
  return { ...toPut({ event }), state: "waiting", attempts: 0, attemptsBefore: 0, dueAt: NOW };
}

/** An attempt, but for what is given. */
export function attempt(parts: Partial<Attempt> = {}): Attempt {
  return { startedAt: NOW, durationMs: 12, status: 200, error: null, ...parts };
}

/** A destination that does what a function says. */
export function destinationOf(
  attemptOne: Destination["attempt"],
  parts: Partial<Destination> = {},
): Destination {
  return {
    timeoutMs: 20_000,
    concurrency: 4,
    ratePerSecond: null,
    ordered: false,
    retryDelaysMs: RETRY_DELAYS_MS,
    maxPauseMs: MAX_PAUSE_MS,
    attempt: attemptOne,
    ...parts,
  };
}

/** The result of an attempt that got through. */
export const DELIVERED: AttemptResult = { delivered: true, status: 204 };

/** The result of an attempt that was answered with this status. */
export function answered(status: number, retryAfter: string | null = null): AttemptResult {
  return { delivered: false, status, error: `erp.example answered ${status}`, retryAfter };
}
