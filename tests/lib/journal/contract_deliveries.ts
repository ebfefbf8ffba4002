import { assertEquals, assertRejects } from "@std/assert";
import { JournalUnavailable } from "../../../lib/journal/errors.ts";
import type { Delivery } from "../../../lib/journal/delivery.ts";
import type { DeliveryFilter } from "../../../lib/journal/delivery_filter.ts";
import type { Journal, RefusedLimits } from "../../../lib/journal/journal.ts";
import { bytesOf, delivery, refusal, type WithJournal } from "./samples.ts";

/** What every store must do with deliveries, in the words of the contract. */
export function testDeliveries(store: string, withJournal: WithJournal): void {
  function test(name: string, run: (journal: Journal) => Promise<void>, refused?: RefusedLimits) {
    Deno.test(`${store} ${name}`, () => withJournal(run, refused));
  }

  test("record() keeps every field and the exact bytes", async (journal) => {
    const body = new Uint8Array([0, 255, 254, 13, 10]);
    const first = delivery({ body, answer: new Uint8Array(), note: "a note" });
    await journal.record(first);
    assertEquals(await journal.get(first.id), {
      ...first,
      bodyBytes: 5,
      repeatOf: null,
      erasedAt: null,
    });
  });

  test("record() keeps the bytes of a view into a larger buffer", async (journal) => {
    const seen = delivery({ body: bytesOf("0123456789").subarray(3, 6) });
    await journal.record(seen);
    assertEquals((await journal.get(seen.id))?.body, bytesOf("345"));
  });

  test("record() names the first delivery with the same bytes as the repeated one", async (journal) => {
    const [first, second, third] = [delivery(), delivery(), delivery()];
    await Promise.all([first, second].map((each) => journal.record(each)));
    await journal.record(third);
    assertEquals((await journal.get(first.id))?.repeatOf, null);
    assertEquals((await journal.get(second.id))?.repeatOf, first.id);
    assertEquals((await journal.get(third.id))?.repeatOf, first.id);
  });

  test("record() sees no repeat in another endpoint, other bytes or a refused one", async (journal) => {
    const refused = refusal();
    const first = delivery();
    const elsewhere = delivery({ endpoint: "/other" });
    const changed = delivery({ body: bytesOf('{"Order":{"@id":"1"}} ') });
    const refusedAgain = refusal();
    for (const each of [refused, first, elsewhere, changed, refusedAgain]) {
      await journal.record(each);
      assertEquals((await journal.get(each.id))?.repeatOf, null);
    }
  });

  test("record() refuses an id it has, and stores its neighbours", async (journal) => {
    const [first, other] = [delivery(), delivery({ body: bytesOf("other") })];
    await journal.record(first);
    const results = await Promise.allSettled([
      journal.record(delivery({ id: first.id })),
      journal.record(other),
    ]);
    assertEquals(results.map(({ status }) => status), ["rejected", "fulfilled"]);
    assertEquals((await journal.counts()).accepted, 2);
    assertEquals(journal.state(), { writable: true });
  });

  test("record() keeps the newest refused deliveries and every accepted one", async (journal) => {
    const accepted = delivery();
    const refused = Array.from({ length: 8 }, () => refusal());
    await Promise.all([accepted, ...refused.slice(0, 5)].map((each) => journal.record(each)));
    for (const each of refused.slice(5)) {
      await journal.record(each);
    }
    assertEquals(
      await Array.fromAsync(journal.each(), ({ id }) => id),
      [accepted, ...refused.slice(5)].map(({ id }) => id),
    );
    assertEquals([(await journal.counts()).accepted, (await journal.counts()).refused], [1, 3]);
  }, { count: 3, bodyBytes: 65_536 });

  test("record() cuts the body and headers of a refused delivery", async (journal) => {
    const long = refusal({
      body: bytesOf("0123456789"),
      headers: Array.from({ length: 90 }, () => ["x-long", "a".repeat(5000)] as const),
    });
    await journal.record(long);
    const kept = await journal.get(long.id);
    assertEquals(kept?.body, bytesOf("0123"));
    assertEquals(kept?.bodyBytes, 10);
    assertEquals(kept?.headers.length, 64);
    assertEquals(kept?.headers[0], ["x-long", "a".repeat(1024)]);
  }, { count: 3, bodyBytes: 4 });

  test("get() knows nothing of an unknown id", async (journal) => {
    assertEquals(await journal.get("nowhere"), undefined);
    await Promise.resolve();
  });

  test("list() pages through all, newest first", async (journal) => {
    const all = [3, 1, 2, 2, 5].map((receivedAt) => delivery({ receivedAt }));
    await Promise.all(all.map((each) => journal.record(each)));
    const newestFirst = [all[4], all[0], all[3], all[2], all[1]].map((each) => each?.id);
    const first = await journal.list({ limit: 2 });
    const second = await journal.list({ limit: 2, cursor: first.next ?? "" });
    const third = await journal.list({ limit: 2, cursor: second.next ?? "" });
    const pages = [first, second, third];
    assertEquals(pages.flatMap((page) => page.deliveries.map(({ id }) => id)), newestFirst);
    assertEquals(third.next, null);
    assertEquals((await journal.list({ limit: 5 })).next, null);
  });

  test("timeBehind() tells when each came, newest first, within a span", async (journal) => {
    const all = [3, 1, 2, 2, 5].map((receivedAt) => delivery({ receivedAt }));
    await Promise.all(all.map((each) => journal.record(each)));
    const times = (span = {}) =>
      Promise.all([0, 1, 2, 3, 4, 5].map((rows) => journal.timeBehind(rows, span)));
    const none = undefined;
    assertEquals(await times(), [5, 3, 2, 2, 1, none]);
    assertEquals(await times({ since: 2, until: 5 }), [3, 2, 2, none, none, none]);
    const cursor = (await journal.list({ limit: 2 })).next ?? "";
    assertEquals(await times({ cursor }), [2, 2, 1, none, none, none]);
    await assertRejects(() => journal.timeBehind(0, { cursor: "no cursor" }), SyntaxError);
  });

  test("list() finds a text beyond rows that look alike", async (journal) => {
    // A store may look for bytes as escapes, and "ü" is "\\303\\274" then.
    const bodies = ["ü", "303", "ü", "ü", "ü", "303", "303"];
    const all = bodies.map((body, index) =>
      delivery({ body: bytesOf(body), receivedAt: 2_000_000_000_000 - index })
    );
    for (const each of all) await journal.record(each);
    const first = await journal.list({ text: "303", limit: 2 });
    const second = await journal.list({ text: "303", limit: 2, cursor: first.next ?? "" });
    const found = [...first.deliveries, ...second.deliveries].map(({ id }) => id);
    assertEquals(found, [1, 5, 6].map((index) => all[index]?.id));
    assertEquals([first.deliveries.length, second.next], [2, null]);
  });

  test("list() finds deliveries by the number of an order, with its other filters", async (journal) => {
    const about = (number: string, parts: Partial<Delivery> = {}) =>
      delivery({ body: bytesOf(`{"number":"${number}"}`), numbers: [number, "also"], ...parts });
    const all = [
      about("A-17"),
      about("a-17", { status: 500 }),
      about("B-2", { receivedAt: 1_800_000_000_000 }),
      // Nobody read the numbers of these.
      delivery({ body: bytesOf('{"number":"A-17"}') }),
      refusal({ body: bytesOf('{"number":"a-17"}') }),
      delivery({ numbers: [] }),
    ];
    for (const each of all) await journal.record(each);
    const found = async (filter: DeliveryFilter) =>
      (await journal.list(filter)).deliveries.map(({ id }) => all.findIndex((one) => one.id === id))
        .sort();
    assertEquals(await found({ number: "a-17" }), [0, 1, 3, 4]);
    assertEquals(await found({ number: "A-17", status: [500, 500] }), [1]);
    assertEquals(await found({ number: "A-17", text: "nowhere" }), []);
    assertEquals(await found({ number: "b-2", since: 1_750_000_000_000 }), [2]);
    assertEquals(await found({ number: "C-3" }), []);
    await journal.prune({ olderThanMs: 1, now: 1_750_000_000_000, budgetMs: 10_000 });
    assertEquals(await found({ number: "a-17" }), []);
    assertEquals(await found({ number: "b-2" }), [2]);
  });

  test("list() shows everything but headers and bytes", async (journal) => {
    const { headers: _headers, body, answer: _answer, ...rest } = delivery();
    await journal.record({ ...rest, headers: [], body, answer: body });
    assertEquals((await journal.list()).deliveries, [
      { ...rest, bodyBytes: body.byteLength, repeatOf: null, erasedAt: null },
    ]);
  });

  test("list() refuses what is not a cursor", async (journal) => {
    await assertRejects(
      () => journal.list({ cursor: "second page" }),
      SyntaxError,
      'Cannot parse cursor "second page": it must be copied from a list',
    );
    await Promise.resolve();
  });

  test("close() stores what is pending and refuses what comes later", async (journal) => {
    const pending = journal.record(delivery());
    await journal.close();
    await pending;
    assertEquals(journal.state(), { writable: false, reason: "it is closed" });
    await assertRejects(() => journal.record(delivery()), JournalUnavailable, "it is closed");
  });
}
