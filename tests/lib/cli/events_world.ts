import type { Attempt } from "../../../lib/forward/outbox.ts";
import { newDeliveryId } from "../../../lib/journal/delivery.ts";
import type { EventToRecord } from "../../../lib/journal/events.ts";
import type { Journal } from "../../../lib/journal/journal.ts";
import { delivery, event } from "../journal/samples.ts";

/**
 * Records events, each with a delivery of its own, one second after the other.
 *
 * @param journal Where.
 * @param start When the first one came, in milliseconds since the epoch.
 * @param events What is special about each of them.
 */
export async function recordEvents(
  journal: Journal,
  start: number,
  ...events: readonly Partial<EventToRecord>[]
): Promise<void> {
  for (const [index, parts] of events.entries()) {
    const receivedAt = start + index * 1000;
    const came = delivery({
      id: newDeliveryId(),
      endpoint: "/emporix",
      kind: "emporix.events",
      receivedAt,
    });
    await journal.record(came, { events: [event(parts)] });
  }
}

/**
 * Has an attempt of every forward that waits.
 *
 * @param journal Where.
 * @param destination To where.
 * @param attempt What is special about it; a failed one is the last.
 */
export async function attemptAll(
  journal: Journal,
  destination: string,
  attempt: Partial<Attempt> = {},
): Promise<void> {
  const now = Date.now();
  const leasing = { owner: "worker", destination, limit: 100, leaseMs: 1000, now, ordered: false };
  for (const { lease } of await journal.outbox.lease(leasing)) {
    const made = { startedAt: now, durationMs: 12, status: 200, error: null, ...attempt };
    const state = made.error === null ? "delivered" : "failed";
    await journal.outbox.complete(lease, made, { state });
  }
}
