import { retryWhileBusy } from "../../../lib/util/files.ts";
import { type Delivery, newDeliveryId } from "../../../lib/journal/delivery.ts";
import type { Attempt, AttemptOutcome } from "../../../lib/forward/outbox.ts";
import type { EventToRecord } from "../../../lib/journal/events.ts";
import type { Journal, RefusedLimits } from "../../../lib/journal/journal.ts";

/** Runs a test with an empty journal that keeps this much of refused deliveries. */
export type WithJournal = (
  run: (journal: Journal) => Promise<void>,
  refused?: RefusedLimits,
) => Promise<void>;

const encoder = new TextEncoder();

/** The bytes of a text. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** An accepted delivery, but for what is given. */
export function delivery(parts: Partial<Delivery> = {}): Delivery {
  const receivedAt = parts.receivedAt ?? 1_700_000_000_000;
  return {
    id: newDeliveryId(),
    endpoint: "/ustore/order-approval",
    kind: "ustore.order-approval",
    requestId: "request-1",
    receivedAt,
    answeredAt: receivedAt + 3,
    remoteAddress: "192.0.2.7",
    headers: [["content-type", "application/json"], ["x-signature", "[removed]"]],
    body: bytesOf('{"Order":{"@id":"1"}}'),
    verifiedBy: "key 1",
    status: 200,
    answer: bytesOf('{"IsApprovalNeeded":false}'),
    rules: [{ name: "by department" }, { name: "large orders" }],
    decisions: [{
      rule: "large orders",
      outcome: { group: 10065 },
      tried: 2,
      failures: [{ rule: "by department", reason: "division by zero" }],
    }],
    ...parts,
  };
}

/** A refused delivery, but for what is given. */
export function refusal(parts: Partial<Delivery> = {}): Delivery {
  return delivery({ verifiedBy: null, status: 401, decisions: [], ...parts });
}

/** An event that goes to the ERP, but for what is given. */
export function event(parts: Partial<EventToRecord> = {}): EventToRecord {
  const key = parts.key ?? newDeliveryId();
  return {
    source: "emporix",
    type: "cart.created",
    candidates: ["cart.created"],
    subject: `cart/${key}`,
    key,
    occurredAt: null,
    warnings: [],
    payload: bytesOf('{ "total": 20.00 }'),
    forwardTo: ["erp"],
    ...parts,
  };
}

/** The keys of all events of a journal, in order. */
export async function eventKeys({ events }: Journal): Promise<readonly string[]> {
  return await Array.fromAsync(events.each(), ({ key }) => key);
}

/** How a test leases, as far as it is the same everywhere. */
export const LEASING = { owner: "worker", destination: "erp" } as const;

/** An attempt, but for what is given. */
export function attempt(parts: Partial<Attempt> = {}): Attempt {
  return { startedAt: 1_700_000_000_000, durationMs: 12, status: 200, error: null, ...parts };
}

/**
 * Has a worker complete one forward that waits, whenever it is due and whoever has it; all others of
 * its destination are free then.
 */
export async function complete(
  { outbox }: Journal,
  id: string,
  made: Attempt,
  outcome: AttemptOutcome,
): Promise<void> {
  const destination = (await outbox.get(id))?.destination ?? "";
  const leasing = { owner: "complete()", limit: 1000, leaseMs: 1, now: 1e15, ordered: false };
  for (const { lease } of await outbox.lease({ ...leasing, destination })) {
    if (lease.id === id) await outbox.complete(lease, made, outcome);
    else await outbox.release([lease]);
  }
}

/** Runs a test with a folder of its own. */
export async function withFolder(run: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await retryWhileBusy(() => Deno.remove(folder, { recursive: true }));
  }
}
