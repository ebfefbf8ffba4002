/** How much a delivery writes, and that what is put into the list later is found all the same. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import orderApproval from "../../../../handlers/ustore/samples/order_approval.json" with {
  type: "json",
};
import { type Delivery, newDeliveryId } from "../../../../lib/journal/delivery.ts";
import type { Journal } from "../../../../lib/journal/journal.ts";
import { LISTED_TOGETHER } from "../../../../lib/journal/sqlite/deliveries_writer.ts";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { bytesOf, delivery, event, refusal, withFolder } from "../samples.ts";
import { checkOutbox } from "./check_outbox.ts";

/** The log begins with so many bytes; each page in it has a head. */
const LOG_HEAD_BYTES = 32;
const FRAME_BYTES = 4096 + 24;
const MOST_PAGES = 4;

function approval(number: number): Delivery {
  const now = Date.now();
  const order = { ...orderApproval, Order: { ...orderApproval.Order, "@OrderId": `${number}` } };
  return delivery({
    id: newDeliveryId(now),
    receivedAt: now,
    answeredAt: now,
    requestId: crypto.randomUUID(),
    numbers: [`${number}`, `W-${number}`],
    headers: [
      ["accept", "*/*"],
      ["content-type", "application/json"],
      ["host", "storehook.example:8080"],
      ["user-agent", "uStore/14"],
      ["x-signature", "[removed]"],
    ],
    body: bytesOf(JSON.stringify(order)),
  });
}

async function withJournal(
  run: (journal: Journal, path: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const journal = openJournal(path);
    try {
      await run(journal, path);
    } finally {
      await journal.close();
    }
    checkOutbox(path);
  });
}

Deno.test("record() writes at most four pages for an order approval that comes alone", () =>
  withJournal(async (journal, path) => {
    const pages = () => (Deno.statSync(`${path}-wal`).size - LOG_HEAD_BYTES) / FRAME_BYTES;
    // The first use what the making of the file left free, and keep the endpoint's rules.
    for (let number = 0; number < 10; number++) await journal.record(approval(number));
    for (let number = 10; number < 100; number++) {
      const before = pages();
      await journal.record(approval(number));
      assert(pages() - before <= MOST_PAGES, `${pages() - before} pages for the order ${number}`);
    }
  }));

Deno.test("list(), each(), get() and counts() know deliveries before and behind the list's end", () =>
  withJournal(async (journal) => {
    const all: Delivery[] = [];
    const keep = async (one: Delivery, isFirst = false) => {
      all.push(one);
      if (isFirst) await journal.record(one);
      else await Promise.all([journal.record(one)]);
    };
    const made = Array.from(
      { length: 3 * LISTED_TOGETHER },
      (_, number) =>
        number % 10 === 0
          ? refusal({ receivedAt: number, endpoint: "/refused" })
          : delivery({ receivedAt: 1000 - number % 7, body: bytesOf(`${number}`) }),
    );
    // One comes after those that were made later, and one has an id of another kind.
    const [late] = made.splice(10, 1);
    for (const [number, one] of made.entries()) {
      await keep(one);
      if (number === 2 * LISTED_TOGETHER) await keep(late ?? one);
      if (number === LISTED_TOGETHER + 9) await keep(delivery({ id: "another kind" }));
      if (number % 50 !== 49) continue;
      const { accepted, refused } = await journal.counts();
      const isRefused = ({ verifiedBy }: Delivery) => verifiedBy === null;
      assertEquals(refused, all.filter(isRefused).length);
      assertEquals(accepted + refused, all.length);
      const inOrder = all.toSorted((a, b) => a.receivedAt - b.receivedAt || (a.id < b.id ? -1 : 1))
        .map(({ id }) => id);
      assertEquals(await Array.fromAsync(journal.each(), ({ id }) => id), inOrder);
      const { deliveries } = await journal.list({ limit: all.length });
      assertEquals(deliveries.map(({ id }) => id), inOrder.toReversed());
      const found = await journal.list({ endpoint: "/refused", limit: all.length });
      assertEquals(found.deliveries.length, refused);
    }
    for (const { id } of all) assertEquals((await journal.get(id))?.id, id);
    const results = await Promise.allSettled(all.map(({ id }) => journal.record(delivery({ id }))));
    assert(results.every(({ status }) => status === "rejected"));
  }));

Deno.test("list() finds numbers before and behind the list's end, and none that was erased", () =>
  withJournal(async (journal) => {
    const made = Array.from({ length: 2 * LISTED_TOGETHER + 20 }, (_, number) => {
      const body = bytesOf(`${number % 100} ann${number}@example.com`);
      return delivery({ body, numbers: [`N-${number % 100}`, `${number}`] });
    });
    for (const one of made) await journal.record(one);
    const count = async (number: string) => (await journal.list({ number })).deliveries.length;
    assertEquals([await count("n-5"), await count("275"), await count("300")], [3, 1, 0]);
    for (const number of [105, 270]) {
      assertEquals((await journal.erase(`ann${number}@example.com`)).deliveries, 1);
      assertEquals(await count(`${number}`), 0);
    }
    assertEquals([await count("n-5"), await count("n-70")], [2, 2]);
  }));

Deno.test("prune() and erase() reach what stands in no list yet", () =>
  withJournal(async (journal) => {
    const events = [event({ forwardTo: [] })];
    await journal.record(delivery({ receivedAt: 1 }), { events });
    await journal.record(delivery({ receivedAt: 5, body: bytesOf("ann@example.com") }));
    assertEquals((await journal.erase("ann@example.com")).deliveries, 1);
    const { deliveries } = await journal.prune({ olderThanMs: 1, now: 4, budgetMs: 1000 });
    assertEquals(deliveries, 1);
    assertEquals((await journal.list()).deliveries.map(({ receivedAt }) => receivedAt), [5]);
    assertEquals((await journal.counts()).accepted, 1);
    await journal.prune({ olderThanMs: 0, budgetMs: 1000 });
    assertEquals((await journal.counts()).accepted, 0);
    await journal.record(delivery());
    assertEquals((await journal.counts()).accepted, 1);
  }));

Deno.test("record() keeps deliveries apart whose ids carry one time and counter", () =>
  withJournal(async (journal) => {
    const id = newDeliveryId();
    const ids = ["0", "1", "2"].map((digit) => `${id.slice(0, -1)}${digit}`);
    for (const one of ids) await journal.record(delivery({ id: one }));
    for (const one of ids) assertEquals((await journal.get(one))?.id, one);
    assertEquals((await journal.list()).deliveries.map((each) => each.id), ids.toReversed());
    await journal.prune({ olderThanMs: 0, budgetMs: 1000 });
    for (const one of ids) assertEquals(await journal.get(one), undefined);
  }));
