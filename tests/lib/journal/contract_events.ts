import { assertEquals, assertGreater, assertMatch, assertRejects } from "@std/assert";
import type { Journal } from "../../../lib/journal/journal.ts";
import {
  attempt,
  bytesOf,
  complete,
  delivery,
  event,
  LEASING,
  type WithJournal,
} from "./samples.ts";
import { manyRows } from "../../windows/windows.ts";

/** When what is forwarded is due. */
const NOW = 1_700_000_000_000;

/** What every store must do with events, in the words of the contract. */
export function testEvents(store: string, withJournal: WithJournal): void {
  function test(name: string, run: (journal: Journal) => Promise<void>, ignore = false) {
    Deno.test(`${store} ${name}`, { ignore }, () => withJournal(run));
  }

  test("record() keeps every field and the exact bytes of an event", async (journal) => {
    const body = bytesOf('[{ "a": 1.50 }]');
    const from = delivery({ body, endpoint: "/emporix" });
    const recorded = event({
      candidates: ["a", "b"],
      occurredAt: 1_600_000_000_000,
      warnings: ["total is missing"],
      payload: body.subarray(1, -1),
      forwardTo: [],
    });
    await journal.record(from, { events: [recorded] });
    const [summary] = (await journal.events.list()).events;
    const { forwardTo: _, payload, ...received } = recorded;
    const common = {
      ...received,
      id: summary?.id ?? "",
      deliveryId: from.id,
      endpoint: "/emporix",
      receivedAt: from.receivedAt,
      lastSeenAt: from.receivedAt,
      duplicates: 0,
      erasedAt: null,
    };
    assertEquals(summary, { ...common, payloadBytes: 13 });
    assertEquals(await journal.events.get(common.id), { ...common, payload, forwards: [] });
    assertEquals(await journal.events.get("nowhere"), undefined);
  });

  test("record() gives events time-ordered ids, in the order of the delivery", async (journal) => {
    const events = Array.from({ length: 20 }, () => event());
    await journal.record(delivery(), { events });
    const kept = await Array.fromAsync(journal.events.each());
    assertEquals(kept.map(({ key }) => key), events.map(({ key }) => key));
    for (const { id } of kept) {
      assertMatch(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  test("record() puts an event into the outbox once for each destination", async (journal) => {
    const from = delivery();
    await journal.record(from, { events: [event({ forwardTo: ["erp", "folder", "erp"] })] });
    const [summary] = (await journal.events.list()).events;
    const details = await journal.events.get(summary?.id ?? "");
    const fresh = {
      state: "waiting",
      attempts: 0,
      attemptsBefore: 0,
      createdAt: from.answeredAt,
      dueAt: from.answeredAt,
      leasedUntil: null,
      lastAttempt: null,
    };
    assertEquals(details?.forwards.map(({ id: _, ...rest }) => rest), [
      { ...fresh, state: "waiting", destination: "erp" },
      { ...fresh, state: "waiting", destination: "folder" },
    ]);
  });

  test("record() counts an event that comes again and forwards it once", async (journal) => {
    const [first, again, older] = [3000, 5000, 4000].map((receivedAt) => delivery({ receivedAt }));
    const [one, two] = [event({ key: "1" }), event({ key: "2" })];
    const lastOf = async (key: string) =>
      (await journal.events.list()).events.filter((each) => each.key === key)
        .map(({ duplicates, lastSeenAt, receivedAt }) => [duplicates, receivedAt, lastSeenAt]);
    if (first !== undefined) await journal.record(first, { events: [one, one] });
    assertEquals(await lastOf("1"), [[1, 3000, 3000]]);
    const changed = event({ key: "1", payload: bytesOf("other"), forwardTo: ["folder"] });
    if (again !== undefined) await journal.record(again, { events: [changed, two] });
    if (older !== undefined) await journal.record(older, { events: [one] });
    assertEquals([await lastOf("1"), await lastOf("2")], [[[3, 3000, 5000]], [[0, 5000, 5000]]]);
    assertEquals((await journal.counts()).accepted, 3);
    assertEquals([...await journal.outbox.counts()].map(([name, { waiting }]) => [name, waiting]), [
      ["erp", 2],
    ]);
  });

  test("record() counts what comes again within one turn", async (journal) => {
    const events = [event()];
    await Promise.all(Array.from({ length: 5 }, () => journal.record(delivery(), { events })));
    assertEquals((await journal.events.list()).events.map(({ duplicates }) => duplicates), [4]);
    assertEquals((await journal.outbox.list()).forwards.length, 1);
  });

  test("record() tells the events of two endpoints apart", async (journal) => {
    const events = [event()];
    await journal.record(delivery({ endpoint: "/a" }), { events });
    await journal.record(delivery({ endpoint: "/b" }), { events });
    assertEquals((await journal.events.list()).events.map(({ duplicates }) => duplicates), [0, 0]);
  });

  test("record() keeps no event of a delivery that it refuses", async (journal) => {
    const first = delivery();
    await journal.record(first);
    await assertRejects(
      () => journal.record(delivery({ id: first.id }), { events: [event()] }),
      RangeError,
      "the journal has one of this id",
    );
    assertEquals(await journal.events.counts(), { events: 0, withWarnings: 0 });
    assertEquals((await journal.outbox.counts()).size, 0);
  });

  test("record() keeps texts with NUL and other control characters whole", async (journal) => {
    const odd = { type: "a\0b", subject: "cart/\0\u001b[2J\r\n", warnings: ["c\0d", "\u{1f381}"] };
    const events = [1, 2].map((index) => event({ ...odd, key: `\ufeff${index}` }));
    await journal.record(delivery(), { events });
    assertEquals(
      await Array.fromAsync(journal.events.each(odd), ({ type, subject, warnings, key }) => (
        { type, subject, warnings, key }
      )),
      events.map(({ type, subject, warnings, key }) => ({ type, subject, warnings, key })),
    );
    assertEquals((await journal.events.list({ type: "a" })).events, []);
    // Forwards of one subject follow each other, however it is written.
    const leasing = { ...LEASING, limit: 9, leaseMs: 1, now: 2e12, ordered: true };
    for (const { key } of events) {
      const [leased, ...others] = await journal.outbox.lease(leasing);
      assertEquals([leased?.event.key, leased?.event.subject, others], [key, odd.subject, []]);
      await complete(journal, leased?.id ?? "", attempt(), { state: "delivered" });
    }
    const name = "id\0of the store";
    const { externalId, token } = await journal.exportOf("/cart", "list", name);
    assertEquals([externalId, (await journal.exportOf("/cart", "list")).externalId], [name, name]);
    const exported = { token, list: bytesOf("{}") };
    await journal.record(delivery(), { exported });
    assertEquals((await journal.findExport(token))?.externalId, name);
  });

  const { ignore, named } = manyRows;
  test(named("record() takes many events at once"), async (journal) => {
    const events = Array.from({ length: 5000 }, () => event());
    await journal.record(delivery(), { events });
    assertEquals(await journal.events.counts(), { events: 5000, withWarnings: 0 });
    assertEquals((await journal.outbox.counts()).get("erp")?.waiting, 5000);
    let [before, count] = ["", 0];
    for await (const { id } of journal.events.each()) {
      assertGreater(id, before);
      [before, count] = [id, count + 1];
    }
    assertEquals(count, 5000);
  }, ignore);

  test("outbox.lease() keeps subjects in order whose events come by the hundred, and by a clock that was set", async (journal) => {
    const record = (name: string, answeredAt: number, count: number) =>
      journal.record(delivery({ answeredAt }), {
        events: Array.from({ length: count }, (_, index) => {
          const key = `${name}-${index}`;
          return event({ key, subject: `cart/${index % 7}`, payload: bytesOf(`"${key}"`) });
        }),
      });
    const deliveries = [["first", NOW], ["second", NOW + 1], ["set back", NOW - 1]] as const;
    for (const [name, answeredAt] of deliveries) await record(name, answeredAt, 100);
    const leasing = { ...LEASING, limit: 99, leaseMs: 1000, now: NOW + 9, ordered: true };
    const arrived = new Map<string, string[]>();
    for (let left = 300; left > 0;) {
      const leased = await journal.outbox.lease(
        leasing,
      );
      assertEquals(leased.length, new Set(leased.map(({ event: { subject } }) => subject)).size);
      left -= leased.length || left;
      for (const { lease, event: { subject, key, payload } } of leased) {
        assertEquals(new TextDecoder().decode(payload), `"${key}"`);
        arrived.set(subject, [...arrived.get(subject) ?? [], key]);
        await journal.outbox.complete(lease, attempt(), { state: "delivered" });
      }
    }
    for (let subject = 0; subject < 7; subject++) {
      const wanted = ["set back", "first", "second"].flatMap((name) =>
        Array.from({ length: 100 }, (_, index) => index)
          .filter((index) => index % 7 === subject)
          .map((index) => `${name}-${index}`)
      );
      assertEquals(arrived.get(`cart/${subject}`), wanted);
    }
    assertEquals((await journal.outbox.counts()).get("erp")?.waiting ?? 0, 0);
  });

  test("events.timeBehind() tells when each came, newest first, within a span", async (journal) => {
    for (const receivedAt of [3, 1, 2]) {
      await journal.record(delivery({ receivedAt }), { events: [event()] });
    }
    const times = (span = {}) =>
      Promise.all([0, 1, 2, 3].map((rows) => journal.events.timeBehind(rows, span)));
    assertEquals(await times(), [3, 2, 1, undefined]);
    assertEquals(await times({ since: 2, until: 3 }), [2, ...[undefined, undefined, undefined]]);
    const cursor = (await journal.events.list({ limit: 1 })).next ?? "";
    assertEquals(await times({ cursor }), [2, 1, undefined, undefined]);
  });

  test("events.list() refuses what is not a cursor", async (journal) => {
    await journal.record(delivery(), { events: [event()] });
    await assertRejects(
      () => journal.events.list({ cursor: "2" }),
      SyntaxError,
      'cursor "2"',
    );
    await assertRejects(
      () => journal.outbox.list({ cursor: "2" }),
      SyntaxError,
      'cursor "2"',
    );
  });
}
