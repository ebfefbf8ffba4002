import { assertEquals } from "@std/assert";
import type { ForwardListOptions } from "../../../lib/journal/forwards.ts";
import type { Journal } from "../../../lib/journal/journal.ts";
import { attempt, complete, delivery, event, LEASING, type WithJournal } from "./samples.ts";

const NOW = 1_700_000_000_000;

/** Four events to two destinations, in every state there is. */
async function fill(journal: Journal): Promise<void> {
  for (const key of ["1", "2", "3", "4"]) {
    const from = delivery({ answeredAt: NOW + Number(key) });
    await journal.record(from, {
      events: [event({ key, subject: "cart/1", forwardTo: ["crm", "erp"] })],
    });
  }
  await complete(journal, await idOf(journal, "1", "erp"), attempt(), { state: "delivered" });
  await complete(journal, await idOf(journal, "2", "erp"), attempt(), { state: "failed" });
  await journal.outbox.cancel([await idOf(journal, "3", "erp")]);
}

async function idOf(journal: Journal, key: string, destination: string): Promise<string> {
  const found = (await journal.outbox.list({ destination })).forwards
    .find((each) => each.event.key === key);
  return found?.id ?? "";
}

async function listed(journal: Journal, options: ForwardListOptions = {}): Promise<string[]> {
  return (await journal.outbox.list(options)).forwards
    .map(({ destination, event: { key } }) => `${destination} ${key}`);
}

/** What an admin sees and does, in every store. */
export function testOutboxView(store: string, withJournal: WithJournal): void {
  function test(name: string, run: (journal: Journal) => Promise<void>) {
    Deno.test(`${store} outbox.${name}`, () => withJournal(run));
  }

  test("list() pages through all, newest first, by any filter", async (journal) => {
    await fill(journal);
    const all = ["4", "3", "2", "1"].flatMap((key) => [`erp ${key}`, `crm ${key}`]);
    assertEquals(await listed(journal), all);
    const first = await journal.outbox.list({ limit: 5 });
    const rest = await journal.outbox.list({ limit: 5, cursor: first.next ?? "" });
    const ids = [first, rest].flatMap(({ forwards }) => forwards.map(({ id }) => id));
    assertEquals(ids, (await journal.outbox.list()).forwards.map(({ id }) => id));
    assertEquals(rest.next, null);
    assertEquals(await listed(journal, { state: "failed" }), ["erp 2"]);
    assertEquals(await listed(journal, { state: "delivered" }), ["erp 1"]);
    assertEquals(await listed(journal, { state: "waiting", since: NOW + 3, until: NOW + 4 }), [
      "crm 3",
    ]);
    const eventId = (await journal.events.list({ limit: 1 })).events[0]?.id ?? "";
    assertEquals(await listed(journal, { eventId }), ["erp 4", "crm 4"]);
    assertEquals(await listed(journal, { eventId, destination: "crm", state: "waiting" }), [
      "crm 4",
    ]);
    assertEquals(await listed(journal, { eventId: "nowhere" }), []);
  });

  test("timeBehind() tells when each was put into it, newest first, within a span", async (journal) => {
    await fill(journal);
    const times = (span = {}) =>
      Promise.all([0, 1, 2, 7, 8].map((rows) => journal.outbox.timeBehind(rows, span)));
    assertEquals(await times(), [NOW + 4, NOW + 4, NOW + 3, NOW + 1, undefined]);
    const span = { since: NOW + 2, until: NOW + 3 };
    assertEquals(await times(span), [NOW + 2, NOW + 2, ...[undefined, undefined, undefined]]);
    const cursor = (await journal.outbox.list({ limit: 3 })).next ?? "";
    assertEquals((await times({ cursor })).slice(0, 2), [NOW + 3, NOW + 2]);
  });

  test("get() shows the event and the attempts", async (journal) => {
    await fill(journal);
    const details = await journal.outbox.get(await idOf(journal, "2", "erp"));
    assertEquals(details?.event.payload, event().payload);
    assertEquals(details?.history, [attempt()]);
    assertEquals(await journal.outbox.get("nowhere"), undefined);
  });

  test("counts() counts what is not done by destination", async (journal) => {
    assertEquals(await journal.outbox.counts(), new Map());
    await fill(journal);
    assertEquals(
      new Map([...await journal.outbox.counts()].toSorted()),
      new Map([
        ["crm", { waiting: 4, failed: 0, waitingBytes: 4 * 1042, oldestWaitingAt: NOW + 1 }],
        ["erp", { waiting: 1, failed: 1, waitingBytes: 1042, oldestWaitingAt: NOW + 4 }],
      ]),
    );
    await journal.outbox.cancel({ destination: "crm" });
    await journal.outbox.cancel([await idOf(journal, "4", "erp")]);
    assertEquals(
      await journal.outbox.counts(),
      new Map([["erp", { waiting: 0, failed: 1, waitingBytes: 0, oldestWaitingAt: null }]]),
    );
  });

  test("countsByState() counts all", async (journal) => {
    const none = { waiting: 0, delivered: 0, failed: 0, cancelled: 0 };
    assertEquals(await journal.outbox.countsByState(), none);
    await fill(journal);
    await journal.outbox.cancel({ destination: "crm", state: "waiting", until: NOW + 3 });
    assertEquals(await journal.outbox.countsByState(), {
      waiting: 3,
      delivered: 1,
      failed: 1,
      cancelled: 3,
    });
  });

  test("retry() makes due what is not delivered", async (journal) => {
    await fill(journal);
    const waits = { state: "waiting", dueAt: NOW + 90_000 } as const;
    await complete(journal, await idOf(journal, "4", "erp"), attempt(), waits);
    assertEquals(await journal.outbox.retry({ destination: "erp" }, NOW + 50), 3);
    const erp = (await journal.outbox.list({ destination: "erp" })).forwards;
    assertEquals(erp.map(({ state, attempts, dueAt }) => [state, attempts, dueAt]), [
      ["waiting", 1, NOW + 50],
      ["waiting", 0, NOW + 50],
      ["waiting", 1, NOW + 50],
      ["delivered", 1, null],
    ]);
    const ordered = { ...LEASING, leaseMs: 1, limit: 9, now: NOW + 50, ordered: true };
    const [oldest, ...others] = await journal.outbox.lease(ordered);
    assertEquals([oldest?.event.key, others], ["2", []]);
  });

  test("retry() by ids counts each once, and none that is unknown or delivered", async (journal) => {
    await fill(journal);
    const [delivered = "", failed = ""] = await Promise.all(
      ["1", "2"].map((key) => idOf(journal, key, "erp")),
    );
    assertEquals(await journal.outbox.retry([failed, "nowhere", delivered, failed]), 1);
    assertEquals(await journal.outbox.retry([]), 0);
    assertEquals((await journal.outbox.get(failed))?.state, "waiting");
  });

  test("retry() does not take a forward from the worker that has it", async (journal) => {
    await journal.record(delivery({ answeredAt: NOW }), { events: [event()] });
    const options = { ...LEASING, leaseMs: 1000, limit: 9, now: NOW, ordered: false };
    assertEquals((await journal.outbox.lease(options)).length, 1);
    assertEquals((await journal.outbox.list()).forwards[0]?.leasedUntil, NOW + 1000);
    await journal.outbox.retry({}, NOW);
    assertEquals(await journal.outbox.lease(options), []);
    assertEquals(await journal.outbox.nextDueAt("erp", false), NOW + 1000);
  });

  test("cancel() calls off what waits or failed, also what a worker has", async (journal) => {
    await fill(journal);
    const id = await idOf(journal, "4", "erp");
    const options = { ...LEASING, leaseMs: 1000, limit: 9, now: NOW + 9, ordered: false };
    const [leased, ...others] = await journal.outbox.lease(options);
    assertEquals([leased?.id, others], [id, []]);
    assertEquals(await journal.outbox.cancel({ destination: "erp" }), 2);
    assertEquals(await journal.outbox.cancel({ destination: "erp" }), 0);
    const lease = leased?.lease ?? { id, owner: "", number: 0 };
    const again = { state: "waiting", dueAt: NOW } as const;
    assertEquals(await journal.outbox.complete(lease, attempt(), again), true);
    assertEquals((await journal.outbox.get(id))?.state, "cancelled");
    assertEquals(await journal.outbox.nextDueAt("erp", false), null);
    const [got] = await journal.outbox.lease({ ...options, destination: "crm", limit: 1 });
    assertEquals(await journal.outbox.cancel({ destination: "crm" }), 4);
    await journal.outbox.complete(got?.lease ?? lease, attempt(), { state: "delivered" });
    assertEquals((await journal.outbox.get(got?.id ?? ""))?.state, "delivered");
  });

  test("retry() and cancel() take more than one page of a filter", async (journal) => {
    const events = Array.from({ length: 230 }, () => event());
    await journal.record(delivery(), { events });
    assertEquals(await journal.outbox.cancel({ state: "waiting" }), 230);
    assertEquals(await journal.outbox.retry({ state: "cancelled" }), 230);
    const all = (await journal.outbox.list({ limit: 300 })).forwards.map(({ id }) => id);
    assertEquals(await journal.outbox.cancel(all), 230);
  });
}
