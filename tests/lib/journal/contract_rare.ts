import { assertEquals } from "@std/assert";
import type { Delivery } from "../../../lib/journal/delivery.ts";
import { bytesOf, delivery, event, refusal, type WithJournal } from "./samples.ts";

/** A store may look through some at a time: these are more than that, a few times. */
const MANY = 2600;
/** Where the rare ones are, the oldest first: at both ends and where one look ends. */
const RARE = [0, 499, 500, 1499, 2599];
const FIRST = 1_800_000_000_000;

/** What every store must find, however rare it is among much else. */
export function testRare(store: string, withJournal: WithJournal): void {
  Deno.test(`${store} list(), each() and count() find what is rare among much`, () =>
    withJournal(async (journal) => {
      const rare = new Map<number, Delivery>();
      await Promise.all(Array.from({ length: MANY }, async (_, index) => {
        const isRare = RARE.includes(index);
        const at = { receivedAt: FIRST + index, answeredAt: FIRST + index };
        const body = bytesOf(isRare ? '{"Order":"R-1"}' : "{}");
        // Of the rare ones that are of an order, one was refused, and nobody read its number.
        const one = index === 499
          ? refusal({ ...at, body, endpoint: "/rare" })
          : delivery({ ...at, body, numbers: isRare ? ["R-1"] : [`N-${index}`] });
        const recorded = isRare ? { ...one, endpoint: "/rare" } : one;
        if (isRare) rare.set(index, recorded);
        await journal.record(recorded, {
          events: [event({
            subject: isRare ? "rare" : `s${index}`,
            forwardTo: [isRare ? "rare" : "erp"],
          })],
        });
      }));
      const ids = RARE.map((index) => rare.get(index)?.id);
      const newestFirst = ids.toReversed();
      for (const filter of [{ endpoint: "/rare" }, { text: "R-1" }, { number: "r-1" }]) {
        assertEquals(await Array.fromAsync(journal.each(filter), ({ id }) => id), ids);
        const pages: string[][] = [];
        let cursor: string | null | undefined;
        while (cursor !== null) {
          const part = cursor === undefined ? {} : { cursor };
          const { deliveries, next } = await journal.list({ ...filter, ...part, limit: 2 });
          pages.push(deliveries.map(({ id }) => id));
          cursor = next;
        }
        assertEquals(pages.flat(), newestFirst);
        assertEquals(pages.map(({ length }) => length), [2, 2, 1]);
      }
      const { events } = await journal.events.list({ subject: "rare" });
      assertEquals(events.map(({ deliveryId }) => deliveryId), newestFirst);
      const destination = "rare";
      const { forwards } = await journal.outbox.list({ destination });
      assertEquals(forwards.map(({ event }) => event.deliveryId), newestFirst);
      assertEquals(await journal.outbox.count({ destination }), RARE.length);
      assertEquals(await journal.outbox.count({ destination, state: "delivered" }), 0);
    }));
}
