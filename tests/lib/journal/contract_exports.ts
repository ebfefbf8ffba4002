import { assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import type { Journal } from "../../../lib/journal/journal.ts";
import { bytesOf, delivery, refusal, type WithJournal } from "./samples.ts";

/** What every store must do with exports, and with what is to go, in the words of the contract. */
export function testExportsAndRemoval(store: string, withJournal: WithJournal): void {
  function test(name: string, run: (journal: Journal) => Promise<void>) {
    Deno.test(`${store} ${name}`, () => withJournal(run));
  }

  test("exportOf() assigns once", async (journal) => {
    const [first, again] = await Promise.all([
      journal.exportOf("/cart", "list 1"),
      journal.exportOf("/cart", "list 1"),
    ]);
    assertEquals(again, first);
    assertEquals(await journal.exportOf("/cart", "list 1", "other"), first);
    assertMatch(first.token, /^[\w-]{22}$/);
    assertMatch(first.externalId, /^[0-9a-f-]{36}$/);
    const other = await journal.exportOf("/cart", "list 2", "given");
    assertEquals(other.externalId, "given");
    assertNotEquals(other.token, first.token);
    assertNotEquals(await journal.exportOf("/other", "list 1"), first);
  });

  test("record() keeps every version of an export", async (journal) => {
    const { token, externalId } = await journal.exportOf("/cart", "list 1");
    assertEquals(await journal.findExport(token), undefined);
    const one = { token, deliveryId: "d1", savedAt: 1000, list: bytesOf("one") };
    const two = { token, deliveryId: "d2", savedAt: 2000, list: bytesOf("two") };
    await Promise.all(
      [one, two].map(({ deliveryId: id, savedAt: answeredAt, list }) =>
        journal.record(delivery({ id, answeredAt }), { exported: { token, list } })
      ),
    );
    const identity = { token, externalId, endpoint: "/cart", listKey: "list 1" };
    const versions = [
      { version: 2, deliveryId: "d2", savedAt: 2000 },
      { version: 1, deliveryId: "d1", savedAt: 1000 },
    ];
    assertEquals(await journal.findExport(token), { ...identity, ...two, version: 2, versions });
    assertEquals(await journal.findExport(token, 1), { ...identity, ...one, version: 1, versions });
    assertEquals(await journal.findExport(token, 3), undefined);
    assertEquals(await journal.findExport("unknown"), undefined);
  });

  test("record() makes no version of a list that is the same as the newest", async (journal) => {
    const { token } = await journal.exportOf("/cart", "list 1");
    const save = async (id: string, answeredAt: number, list: string) => {
      const exported = { token, list: bytesOf(list) };
      await journal.record(delivery({ id, answeredAt }), { exported });
    };
    await save("d1", 1000, "one");
    await save("d2", 2000, "one");
    // It is of the delivery that brought it last, and goes with that.
    const first = { version: 1, deliveryId: "d2", savedAt: 1000 };
    assertEquals((await journal.findExport(token))?.versions, [first]);
    await save("d3", 3000, "two");
    await save("d4", 4000, "one");
    const others = [
      { version: 3, deliveryId: "d4", savedAt: 4000 },
      { version: 2, deliveryId: "d3", savedAt: 3000 },
    ];
    assertEquals((await journal.findExport(token))?.versions, [...others, first]);
  });

  test("prune() removes by age and leaves the identity of exports", async (journal) => {
    const old = delivery({ receivedAt: 1000, answeredAt: 1000 });
    const kept = delivery({ receivedAt: 2000 });
    const identity = await journal.exportOf("/cart", "list 1");
    const { token } = identity;
    await Promise.all(
      [kept, old].map((each) =>
        journal.record(each, { exported: { token, list: bytesOf(each.id) } })
      ),
    );
    const result = await journal.prune({ olderThanMs: 1000, now: 3000, budgetMs: 1000 });
    assertEquals(result, { deliveries: 1, events: 0, exportVersions: 1, givenUp: {}, done: true });
    assertEquals(await Array.fromAsync(journal.each(), ({ id }) => id), [kept.id]);
    assertEquals((await journal.findExport(token))?.versions.length, 1);
    await journal.prune({ olderThanMs: 0, now: 9000, budgetMs: 1000 });
    assertEquals(await journal.findExport(token), undefined);
    assertEquals(await journal.exportOf("/cart", "list 1"), identity);
    await journal.record(delivery(), { exported: { token, list: bytesOf("new") } });
    assertEquals((await journal.findExport(token))?.version, 3);
  });

  test("prune() removes the oldest until the rest is small enough", async (journal) => {
    const all = Array.from(
      { length: 40 },
      (_, index) => delivery({ receivedAt: 1000 + index, body: new Uint8Array(20_000 + index) }),
    );
    await Promise.all(all.map((each) => journal.record(each)));
    const result = await journal.prune({ maxBytes: 470_000, budgetMs: 10_000 });
    assertEquals(result.done, true);
    assertEquals((await journal.counts()).bytes <= 470_000, true);
    const kept = await Array.fromAsync(journal.each(), ({ id }) => id);
    assertEquals(kept, all.slice(result.deliveries).map(({ id }) => id));
    assertEquals(kept.length > 10, true);
  });

  test("erase() leaves the id, the times and the status", async (journal) => {
    const json = delivery({ body: bytesOf('{"Email":"Ann\\u0040Example.com"}') });
    const answered = delivery({ answer: bytesOf("for ann@example.com"), note: "seen" });
    const inHeader = refusal({ headers: [["from", "ann@example.com"]] });
    const others = delivery({ body: bytesOf('{"Email":"joann@example.com"}') });
    await Promise.all([answered, inHeader, others].map((each) => journal.record(each)));
    const { token } = await journal.exportOf("/cart", "list 1");
    await journal.record(json, { exported: { token, list: bytesOf("ann@example.com") } });

    const wouldGo = await journal.erase("ann@example.com", { dryRun: true });
    assertEquals((await journal.get(answered.id))?.erasedAt, null);
    assertEquals((await journal.findExport(token))?.version, 1);
    const result = await journal.erase("ann@example.com");
    assertEquals(wouldGo, result);
    const none = { deliveries: 0, events: 0, exportVersions: 0 };
    const found = { deliveries: 3, events: 0, exportVersions: 1, forwards: 0, ofStore: none };
    assertEquals(result, found);

    const { erasedAt, ...erased } = await journal.get(answered.id) ?? {};
    assertEquals(typeof erasedAt, "number");
    const { note: _, ...unnoted } = answered;
    const empty = new Uint8Array();
    const blank = { headers: [], decisions: [], body: empty, answer: empty, bodyBytes: 0 };
    assertEquals(erased, { ...unnoted, ...blank, remoteAddress: "", repeatOf: null });
    assertEquals((await journal.get(others.id))?.erasedAt, null);
    assertEquals(await journal.findExport(token), undefined);
    const again = delivery({ body: json.body });
    await journal.record(again);
    assertEquals((await journal.get(again.id))?.repeatOf, null);
    await assertRejects(() => journal.erase("ann"), SyntaxError, 'Cannot erase "ann"');
  });
}
