import { assertEquals } from "@std/assert";
import type { ForwardListOptions } from "../../../lib/journal/forwards.ts";
import type { Journal } from "../../../lib/journal/journal.ts";
import { attempt, delivery, event, type WithJournal } from "./samples.ts";

const NOW = 1_700_000_000_000;

/** Four events to two destinations, in every state there is. */
async function fill(journal: Journal): Promise<void> {
  for (const key of ["1", "2", "3", "4"]) {
    const from = delivery({ answeredAt: NOW + Number(key) });
    await journal.record(from, {
      events: [event({ key, subject: "cart/1", forwardTo: ["crm", "erp"] })],
    });
  }
  await journal.outbox.complete(idOf(journal, "1", "erp"), attempt(), { state: "delivered" });
  await journal.outbox.complete(idOf(journal, "2", "erp"), attempt(), { state: "failed" });
  await journal.outbox.cancel([idOf(journal, "3", "erp")]);
}

function idOf(journal: Journal, key: string, destination: string): string {
  const found = journal.outbox.list({ destination }).forwards
    .find((each) => each.event.key === key);
  return found?.id ?? "";
}

function listed(journal: Journal, options: ForwardListOptions = {}): string[] {
  return journal.outbox.list(options).forwards
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
    assertEquals(listed(journal), all);
    const first = journal.outbox.list({ limit: 5 });
    const rest = journal.outbox.list({ limit: 5, cursor: first.next ?? "" });
    const ids = [first, rest].flatMap(({ forwards }) => forwards.map(({ id }) => id));
    assertEquals(ids, journal.outbox.list().forwards.map(({ id }) => id));
    assertEquals(rest.next, null);
    assertEquals(listed(journal, { state: "failed" }), ["erp 2"]);
    assertEquals(listed(journal, { state: "delivered" }), ["erp 1"]);
    assertEquals(listed(journal, { state: "waiting", since: NOW + 3, until: NOW + 4 }), ["crm 3"]);
    const eventId = journal.events.list({ limit: 1 }).events[0]?.id ?? "";
    assertEquals(listed(journal, { eventId }), ["erp 4", "crm 4"]);
    assertEquals(listed(journal, { eventId, destination: "crm", state: "waiting" }), ["crm 4"]);
    assertEquals(listed(journal, { eventId: "nowhere" }), []);
  });

  test("get() shows the event and the attempts", async (journal) => {
    await fill(journal);
    const details = journal.outbox.get(idOf(journal, "2", "erp"));
    assertEquals(details?.event.payload, event().payload);
    assertEquals(details?.history, [attempt()]);
    assertEquals(journal.outbox.get("nowhere"), undefined);
  });

  test("counts() counts what is not done by destination", async (journal) => {
    assertEquals(journal.outbox.counts(), new Map());
    await fill(journal);
    assertEquals(
      new Map([...journal.outbox.counts()].toSorted()),
      new Map([
        ["crm", { waiting: 4, failed: 0, waitingBytes: 4 * 1042, oldestWaitingAt: NOW + 1 }],
        ["erp", { waiting: 1, failed: 1, waitingBytes: 1042, oldestWaitingAt: NOW + 4 }],
      ]),
    );
    await journal.outbox.cancel({ destination: "crm" });
    await journal.outbox.cancel([idOf(journal, "4", "erp")]);
    assertEquals(
      journal.outbox.counts(),
      new Map([["erp", { waiting: 0, failed: 1, waitingBytes: 0, oldestWaitingAt: null }]]),
    );
  });

  test("countsByState() counts all", async (journal) => {
    const none = { waiting: 0, delivered: 0, failed: 0, cancelled: 0 };
    assertEquals(journal.outbox.countsByState(), none);
    await fill(journal);
    await journal.outbox.cancel({ destination: "crm", state: "waiting", until: NOW + 3 });
    assertEquals(journal.outbox.countsByState(), {
      waiting: 3,
      delivered: 1,
      failed: 1,
      cancelled: 3,
    });
  });

  test("retry() makes due what is not delivered", async (journal) => {
    await fill(journal);
    const waits = { state: "waiting", dueAt: NOW + 90_000 } as const;
    await journal.outbox.complete(idOf(journal, "4", "erp"), attempt(), waits);
    assertEquals(await journal.outbox.retry({ destination: "erp" }, NOW + 50), 3);
    const erp = journal.outbox.list({ destination: "erp" }).forwards;
    assertEquals(erp.map(({ state, attempts, dueAt }) => [state, attempts, dueAt]), [
      ["waiting", 1, NOW + 50],
      ["waiting", 0, NOW + 50],
      ["waiting", 1, NOW + 50],
      ["delivered", 1, null],
    ]);
    const ordered = { destination: "erp", leaseMs: 1, limit: 9, now: NOW + 50, ordered: true };
    const [oldest, ...others] = await journal.outbox.lease(ordered);
    assertEquals([oldest?.event.key, others], ["2", []]);
  });

  test("retry() by ids counts each once, and none that is unknown or delivered", async (journal) => {
    await fill(journal);
    const [delivered = "", failed = ""] = ["1", "2"].map((key) => idOf(journal, key, "erp"));
    assertEquals(await journal.outbox.retry([failed, "nowhere", delivered, failed]), 1);
    assertEquals(await journal.outbox.retry([]), 0);
    assertEquals(journal.outbox.get(failed)?.state, "waiting");
  });

  test("retry() does not take a forward from the worker that has it", async (journal) => {
    await journal.record(delivery({ answeredAt: NOW }), { events: [event()] });
    const options = { destination: "erp", leaseMs: 1000, limit: 9, now: NOW, ordered: false };
    assertEquals((await journal.outbox.lease(options)).length, 1);
    assertEquals(journal.outbox.list().forwards[0]?.leasedUntil, NOW + 1000);
    await journal.outbox.retry({}, NOW);
    assertEquals(await journal.outbox.lease(options), []);
    assertEquals(journal.outbox.nextDueAt("erp", false), NOW + 1000);
  });

  test("cancel() calls off what waits or failed, also what a worker has", async (journal) => {
    await fill(journal);
    const id = idOf(journal, "4", "erp");
    const options = { destination: "erp", leaseMs: 1000, limit: 9, now: NOW + 9, ordered: false };
    assertEquals((await journal.outbox.lease(options)).map((each) => each.id), [id]);
    assertEquals(await journal.outbox.cancel({ destination: "erp" }), 2);
    assertEquals(await journal.outbox.cancel({ destination: "erp" }), 0);
    await journal.outbox.complete(id, attempt(), { state: "waiting", dueAt: NOW });
    assertEquals(journal.outbox.get(id)?.state, "cancelled");
    assertEquals(journal.outbox.nextDueAt("erp", false), null);
    await journal.outbox.complete(id, attempt(), { state: "delivered" });
    assertEquals(journal.outbox.get(id)?.state, "delivered");
  });

  test("retry() and cancel() take more than one page of a filter", async (journal) => {
    const events = Array.from({ length: 230 }, () => event());
    await journal.record(delivery(), { events });
    assertEquals(await journal.outbox.cancel({ state: "waiting" }), 230);
    assertEquals(await journal.outbox.retry({ state: "cancelled" }), 230);
    const all = journal.outbox.list({ limit: 300 }).forwards.map(({ id }) => id);
    assertEquals(await journal.outbox.cancel(all), 230);
  });
}
