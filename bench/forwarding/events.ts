import { newDeliveryId } from "../../lib/journal/delivery.ts";
import type { EventToRecord } from "../../lib/journal/events.ts";
import { openJournal } from "../../lib/journal/sqlite/open.ts";

/** So many things are told of, in turn. */
const SUBJECTS = 2000;
const EVENTS_AT_ONCE = 100;
const encoder = new TextEncoder();

/**
 * The body of an event: what it is about, and which one of its subject it is.
 *
 * @param index Which event.
 */
export function bodyOf(index: number): Uint8Array<ArrayBuffer> {
  const subject = `order/${index % SUBJECTS}`;
  const number = Math.floor(index / SUBJECTS);
  return encoder.encode(JSON.stringify({ subject, number, text: "x".repeat(500) }));
}

/**
 * Has events wait for a destination, in a journal that nobody has open.
 *
 * @param path The journal.
 * @param destination The destination's name.
 * @param count How many.
 */
export async function fillOutbox(path: string, destination: string, count: number): Promise<void> {
  const journal = openJournal(path);
  const now = Date.now() - count;
  for (let done = 0; done < count; done += EVENTS_AT_ONCE) {
    const events = Array.from({ length: EVENTS_AT_ONCE }, (_, index): EventToRecord => ({
      ...{ source: "bench", type: "order_create", candidates: [], warnings: [] },
      ...{ key: newDeliveryId(), subject: `order/${(done + index) % SUBJECTS}`, occurredAt: null },
      ...{ payload: bodyOf(done + index), forwardTo: [destination] },
    }));
    const receivedAt = now + done;
    await journal.record({
      ...{ id: newDeliveryId(), endpoint: "/bench", kind: "bench", requestId: "bench" },
      ...{ receivedAt, answeredAt: receivedAt, remoteAddress: "", headers: [], status: 204 },
      ...{ body: new Uint8Array(), answer: new Uint8Array(), verifiedBy: "bench" },
      ...{ rules: [], decisions: [] },
    }, { events });
  }
  await journal.close();
}
