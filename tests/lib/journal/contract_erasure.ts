import { assertEquals } from "@std/assert";
import type { Journal } from "../../../lib/journal/journal.ts";
import { gzipSync } from "node:zlib";
import {
  attempt,
  bytesOf,
  complete,
  delivery,
  event,
  eventKeys,
  LEASING,
  refusal,
  type WithJournal,
} from "./samples.ts";

/** What every store must do to forget a person, in the words of the contract. */
export function testErasure(store: string, withJournal: WithJournal): void {
  function test(name: string, run: (journal: Journal) => Promise<void>) {
    Deno.test(`${store} ${name}`, () => withJournal(run));
  }

  test("erase() takes a person out of events and calls off what waits", async (journal) => {
    const holders = [
      event({ key: "payload", payload: bytesOf('{"email":"Ann\\u0040Example.com"}') }),
      event({ key: "subject", subject: "customer/ann@example.com", warnings: ["w"] }),
      event({ key: "ann@example.com", forwardTo: [] }),
    ];
    const compressed = delivery({ body: new Uint8Array([31, 139, 8]) });
    const other = event({ key: "other", payload: bytesOf('{"email":"joann@example.com"}') });
    await journal.record(compressed, { events: holders });
    await journal.record(delivery(), { events: [other] });
    const failed = (await journal.outbox.list({ state: "waiting" })).forwards
      .find((each) => each.event.key === "payload");
    const said = attempt({ status: 400, error: "ann@example.com is unknown" });
    await complete(journal, failed?.id ?? "", said, { state: "failed" });

    const wouldGo = await journal.erase("ann@example.com", { dryRun: true });
    assertEquals(
      (await journal.events.list()).events.map(({ erasedAt }) => erasedAt),
      Array(4).fill(null),
    );
    const result = await journal.erase("ann@example.com");

    const ofStore = { deliveries: 0, events: 0, exportVersions: 0 };
    const found = { deliveries: 1, events: 3, exportVersions: 0, forwards: 2, ofStore };
    assertEquals([wouldGo, result], [found, found]);
    assertEquals(typeof (await journal.get(compressed.id))?.erasedAt, "number");
    const erased = (await journal.events.list()).events.filter(({ erasedAt }) => erasedAt !== null);
    for (const { id, ...summary } of erased) {
      const { key, subject, candidates, warnings, payloadBytes } = summary;
      assertEquals([key, subject, candidates, warnings, payloadBytes], ["", "", [], [], 0]);
      assertEquals((await journal.events.get(id))?.payload, new Uint8Array());
    }
    assertEquals(erased.length, 3);
    assertEquals((await journal.outbox.get(failed?.id ?? ""))?.history, [{
      ...said,
      error: "[erased]",
    }]);
    assertEquals((await journal.outbox.counts()).get("erp")?.waiting, 1);
    assertEquals(await journal.outbox.retry({}), 1);
    const leasing = { ...LEASING, limit: 9, leaseMs: 1, now: 2e12, ordered: true };
    const leased = await journal.outbox.lease(leasing);
    assertEquals(leased.map(({ event: { key } }) => key), ["other"]);
    assertEquals(await journal.erase("ann@example.com"), {
      ...result,
      deliveries: 0,
      events: 0,
      forwards: 0,
    });
  });

  test("erase() finds the address in what is packed, and in what nobody asked for", async (journal) => {
    const packed = new Uint8Array(gzipSync('{"email":"ann@example.com"}'));
    const all = [
      delivery({ body: packed }),
      delivery({ body: packed, headers: [["content-encoding", "gzip"]] }),
      refusal({ body: packed }),
      refusal({ endpoint: "/orders/ann%40example.com" }),
      refusal({ requestId: "for:ann@example.com" }),
    ];
    for (const each of all) await journal.record(each);
    const other = event({ type: "mail to ann@example.com", key: "other" });
    await journal.record(delivery(), { events: [other] });
    const [forward] = (await journal.outbox.list()).forwards;
    const error = "answered 400: &quot;ann&#64;example.com&quot; is unknown";
    const innocent = event({ key: "innocent" });
    await journal.record(delivery(), { events: [innocent] });
    const said = (await journal.outbox.list()).forwards.find(({ event: { key } }) =>
      key === "innocent"
    );
    await complete(journal, said?.id ?? "", attempt({ error }), { state: "failed" });

    const result = await journal.erase("ann@example.com");

    assertEquals([result.deliveries, result.events, result.forwards], [6, 1, 1]);
    const found = await Promise.all(all.map(({ id }) => journal.get(id)));
    assertEquals(found.map((one) => typeof one?.erasedAt), Array(5).fill("number"));
    assertEquals([found[3]?.endpoint, found[4]?.requestId], ["", ""]);
    assertEquals(found[4]?.endpoint, all[4]?.endpoint);
    assertEquals(
      (await journal.events.list({ source: "emporix" })).events.map(({ type }) => type),
      [
        "cart.created",
        "",
      ],
    );
    assertEquals((await journal.outbox.get(said?.id ?? ""))?.history[0]?.error, "[erased]");
    assertEquals((await journal.outbox.get(forward?.id ?? ""))?.state, "cancelled");
  });

  test("erase() tells the store from the shopper", async (journal) => {
    const asStore = delivery({ body: bytesOf('{"Order":{"Store":{"Email":"ann@example.com"}}}') });
    const asShopper = delivery({ body: bytesOf('{"Order":{"User":{"Email":"ann@example.com"}}}') });
    const both = '{"shop":{"owner":"ann@example.com"},"customer":{"mail":"ann@example.com"}}';
    const payload = bytesOf('{"store":"ann@example.com"}');
    await journal.record(asStore, {
      events: [event({ payload }), event({ payload: bytesOf(both) })],
    });
    await journal.record(asShopper);
    const ofStore = { deliveries: 1, events: 1, exportVersions: 0 };
    const wouldGo = await journal.erase("ann@example.com", { dryRun: true });
    assertEquals(wouldGo, { deliveries: 2, events: 2, exportVersions: 0, forwards: 2, ofStore });
    const none = { deliveries: 0, events: 0, exportVersions: 0 };
    const removed = await journal.erase("ann@example.com", { role: "store" });
    assertEquals(removed, { ...ofStore, forwards: 1, ofStore });
    assertEquals(typeof (await journal.get(asStore.id))?.erasedAt, "number");
    assertEquals((await journal.get(asShopper.id))?.erasedAt, null);
    const rest = await journal.erase("ann@example.com", { role: "shopper" });
    const left = { deliveries: 1, events: 1, exportVersions: 0, forwards: 1, ofStore: none };
    assertEquals(rest, left);
  });

  test("erase() forgets the keys of events that were pruned", async (journal) => {
    const events = [event({ key: "ann@example.com", forwardTo: [] })];
    await journal.record(delivery({ receivedAt: 1000 }), { events });
    await journal.prune({ olderThanMs: 0, now: 2000, budgetMs: 1000 });
    await journal.erase("ann@example.com");
    await journal.record(delivery({ receivedAt: 3000 }), { events });
    assertEquals(await eventKeys(journal), ["ann@example.com"]);
  });
}
