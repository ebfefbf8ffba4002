/** A journal of a month in which half of the deliveries are approvals and half bring two events. */
import { type Delivery, newDeliveryId } from "../../lib/journal/delivery.ts";
import type { EventToRecord } from "../../lib/journal/events.ts";
import { openJournal } from "../../lib/journal/sqlite/open.ts";

const MONTH_MS = 30 * 86_400_000;
/** Stored in one transaction. */
const GROUP = 1000;
const EVENTS_EACH = 2;
/** One person in so many deliveries has this address. */
const PEOPLE = 1_000_000;
/** What else stands in an order, and in an event: what is not looked at. */
const ORDER_REST = "Lorem ipsum dolor sit amet, consectetur. ".repeat(20);
const EVENT_REST = "Lorem ipsum dolor sit amet, consectetur. ".repeat(5);

const encoder = new TextEncoder();
const answer = encoder.encode('{"approve":true}');

/**
 * Fills a journal, which may have some of it already, until it has so many deliveries and as many
 * events, or the time is over.
 *
 * @param path The journal's file.
 * @param count How many deliveries.
 * @param until When to stop, on the clock of `performance.now()`.
 * @returns How many it has now.
 */
export async function fillLargeJournal(
  path: string,
  count: number,
  until = Infinity,
): Promise<number> {
  const journal = openJournal(path);
  try {
    let done = (await journal.counts()).accepted;
    const oldest = await journal.each()[Symbol.asyncIterator]().next();
    const first = oldest.done === true ? Date.now() - MONTH_MS : oldest.value.receivedAt;
    for (; done < count && performance.now() < until; done += GROUP) {
      await Promise.all(Array.from({ length: GROUP }, (_, index) => {
        const number = done + index;
        const delivery = deliveryOf(number, first + Math.floor(number * (MONTH_MS / count)));
        return journal.record(delivery, { events: eventsOf(number, delivery) });
      }));
    }
    return done;
  } finally {
    await journal.close();
  }
}

/** The number of an order of which there is one. */
export function orderNumberOf(number: number): string {
  return `W-${1_000_000 + number}`;
}

/** The address of whoever ordered so. */
export function addressOf(number: number): string {
  return `buyer-${number % PEOPLE}@customer.example`;
}

function deliveryOf(number: number, time: number): Delivery {
  const common = {
    ...{ id: newDeliveryId(time), receivedAt: time, answeredAt: time + 1, headers: [], rules: [] },
    ...{ requestId: `request-${number}`, remoteAddress: "127.0.0.1" },
  };
  if (number % 2 === 1) {
    const events = Array.from({ length: EVENTS_EACH }, (_, index) => payloadOf(number, index));
    const body = encoder.encode(JSON.stringify(events));
    return {
      ...{ ...common, endpoint: "/shop", kind: "events", verifiedBy: "secret 1" },
      ...{ body, status: 204, answer: new Uint8Array(), decisions: [], numbers: [] },
    };
  }
  const orderNumber = orderNumberOf(number);
  const order = { orderNumber, email: addressOf(number), rest: ORDER_REST };
  return {
    ...{ ...common, endpoint: "/ustore/order-approval", kind: "ustore.order-approval" },
    ...{ verifiedBy: "key 1", status: 200, answer, numbers: [orderNumber], decisions: [] },
    body: encoder.encode(JSON.stringify(order)),
  };
}

function eventsOf(number: number, { receivedAt }: Delivery): readonly EventToRecord[] {
  if (number % 2 === 0) return [];
  return Array.from({ length: EVENTS_EACH }, (_, index) => ({
    ...{ source: "shop", type: index === 0 ? "order.placed" : "cart.changed", candidates: [] },
    ...{ subject: `order/${number}/${index}`, key: crypto.randomUUID(), content: `${number}` },
    ...{ occurredAt: receivedAt, warnings: [], forwardTo: [] },
    payload: encoder.encode(JSON.stringify(payloadOf(number, index))),
  }));
}

function payloadOf(number: number, index: number): unknown {
  return { order: number, index, email: addressOf(number), rest: EVENT_REST };
}
