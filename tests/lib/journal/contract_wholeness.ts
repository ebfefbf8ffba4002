import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import type { Delivery } from "../../../lib/journal/delivery.ts";
import type { Follows } from "../../../lib/journal/events.ts";
import type { Journal } from "../../../lib/journal/journal.ts";
import { bytesOf, delivery, event, type WithJournal } from "./samples.ts";

/** A delivery that a store refuses, and what makes it wrong. */
interface Wrong {
  readonly delivery: Delivery;
  readonly follows: Follows;
}

/** What every store must do with a delivery of which a part is wrong: keep nothing of it. */
export function testWholeness(store: string, withJournal: WithJournal): void {
  function test(
    part: string,
    makeWrong: (right: Required<Omit<Follows, "isBodyGiven">>, known: Delivery) => Wrong,
  ) {
    Deno.test(`${store} record() stores nothing of a delivery with ${part}`, () =>
      withJournal(async (journal) => {
        const { token } = await journal.exportOf("/cart", "list 1");
        const exported = { token, list: bytesOf("first") };
        const [known, counted] = [delivery(), event({ key: "counted" })];
        await journal.record(known, { events: [counted], exported });

        const next = { token, list: bytesOf("second") };
        const right = { events: [counted, event()], exported: next };
        const wrong = makeWrong(right, known);
        const [before, after] = [delivery(), delivery()];
        const [first, refused, last] = await Promise.allSettled([
          journal.record(before),
          journal.record(wrong.delivery, wrong.follows),
          journal.record(after),
        ]);
        assertEquals([first.status, refused.status, last.status], [
          "fulfilled",
          "rejected",
          "fulfilled",
        ]);
        const ids = [known.id, before.id, after.id];
        assertEquals(await contentOf(journal, token), {
          ids,
          duplicates: [0],
          waiting: 1,
          versions: 1,
        });

        // The sender comes again, and nothing is in the way of it.
        const again = delivery();
        await journal.record(again, right);
        assertEquals(await contentOf(journal, token), {
          ids: [...ids, again.id],
          duplicates: [0, 1],
          waiting: 2,
          versions: 2,
        });
      }));
  }

  test("an id that is known", (follows, { id }) => ({ delivery: delivery({ id }), follows }));
  test("an export that is unknown", (right) => ({
    delivery: delivery(),
    follows: { ...right, exported: { token: "unknown", list: bytesOf("") } },
  }));
  test("an event that can't be read", ({ events, ...right }) => ({
    delivery: delivery(),
    follows: { ...right, events: [...events, event({ forwardTo: unreadable() })] },
  }));

  Deno.test(`${store} record() refuses an export of an unknown token`, () =>
    withJournal(async (journal) => {
      await assertRejects(
        () => journal.record(delivery(), { exported: { token: "unknown", list: bytesOf("") } }),
        RangeError,
        "token is unknown",
      );
    }));

  Deno.test(`${store} record() keeps what it was given, whatever becomes of its buffers`, () =>
    withJournal(async (journal) => {
      const { token } = await journal.exportOf("/cart", "list 1");
      const list = bytesOf("as it was");
      const payload = bytesOf("as it was");
      const recorded = delivery();
      await journal.record(recorded, { events: [event({ payload })], exported: { token, list } });
      list.fill(0);
      payload.fill(0);
      assertEquals((await journal.findExport(token))?.list, bytesOf("as it was"));
      const [kept] = await Array.fromAsync(journal.events.each());
      assertNotEquals(kept?.payload, payload);
    }));
}

async function contentOf(journal: Journal, token: string) {
  return {
    ids: (await Array.fromAsync(journal.each(), ({ id }) => id)).sort(),
    duplicates: (await Array.fromAsync(journal.events.each(), ({ duplicates }) => duplicates))
      .sort(),
    waiting: (await journal.outbox.counts()).get("erp")?.waiting,
    versions: (await journal.findExport(token))?.versions.length ?? 0,
  };
}

/** Names of destinations that end with an error in their midst. */
function unreadable(): readonly string[] {
  return new Proxy(["erp", "folder"], {
    get(target, property, receiver) {
      if (property === "1") throw new RangeError("Cannot read the second name");
      return Reflect.get(target, property, receiver);
    },
  });
}
