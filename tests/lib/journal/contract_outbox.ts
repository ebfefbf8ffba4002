import { assertEquals } from "@std/assert";
import type { Forward, LeaseOptions } from "../../../lib/forward/outbox.ts";
import type { EventToRecord } from "../../../lib/journal/events.ts";
import type { Journal } from "../../../lib/journal/journal.ts";
import { testOutbox } from "../forward/outbox_contract.ts";
import type { OutboxHarness } from "../forward/outbox_harness.ts";
import { attempt, complete, delivery, event, LEASING, type WithJournal } from "./samples.ts";

/** When the first forward of these tests is due. */
const NOW = 1_700_000_000_000;

function options(parts: Partial<LeaseOptions> = {}): LeaseOptions {
  return { ...LEASING, limit: 10, leaseMs: 1000, now: NOW, ordered: false, ...parts };
}

/** Records events that are due one millisecond after another. */
async function put(journal: Journal, ...events: Partial<EventToRecord>[]): Promise<void> {
  for (const [index, parts] of events.entries()) {
    await journal.record(delivery({ answeredAt: NOW + index }), { events: [event(parts)] });
  }
}

async function leasedKeys(journal: Journal, parts: Partial<LeaseOptions> = {}): Promise<string[]> {
  return (await journal.outbox.lease(options(parts))).map(({ event: { key } }) => key);
}

async function idOf(journal: Journal, key: string): Promise<string> {
  const found = (await journal.outbox.list({ limit: 1000 })).forwards
    .find((each) => each.event.key === key);
  return found?.id ?? "";
}

/** What a worker relies on, in every store. */
export function testWorkerOutbox(
  store: string,
  withJournal: WithJournal,
  numRuns: number,
): void {
  testOutbox(
    `${store} outbox`,
    (run) => withJournal((journal) => run(harnessOf(journal))),
    numRuns,
  );

  function test(name: string, run: (journal: Journal) => Promise<void>) {
    Deno.test(`${store} outbox.${name}`, () => withJournal(run));
  }

  test("lease() gives nothing to two workers", async (journal) => {
    await put(journal, { key: "1" }, { key: "2" });
    const both = await Promise.all([1, 2].map(() => leasedKeys(journal, { now: NOW + 9 })));
    // Which of them is first, a store that processes share leaves open.
    assertEquals(both.flat().toSorted(), ["1", "2"]);
  });

  test("lease() takes the oldest of those that are due, whenever they came due", async (journal) => {
    await put(journal, { key: "1" }, { key: "2" });
    await complete(journal, await idOf(journal, "1"), attempt(), {
      state: "waiting",
      dueAt: NOW + 50,
    });
    assertEquals(await leasedKeys(journal, { now: NOW + 50, limit: 1 }), ["1"]);
  });

  test("lease() with `ordered` keeps the subjects of two destinations apart", async (journal) => {
    await put(journal, { key: "1", subject: "a", forwardTo: ["crm"] }, { key: "2", subject: "a" });
    assertEquals(await leasedKeys(journal, { ordered: true, now: NOW + 9 }), ["2"]);
  });

  test("complete() ends the lease and keeps the attempt", async (journal) => {
    await put(journal, { key: "1" });
    await leasedKeys(journal);
    const id = await idOf(journal, "1");
    const failed = attempt({ status: null, error: "no answer" });
    await complete(journal, id, failed, { state: "waiting", dueAt: NOW + 10 });
    assertEquals(await leasedKeys(journal, { now: NOW + 9 }), []);
    const [again] = await journal.outbox.lease(options({ now: NOW + 10 }));
    assertEquals([again?.attempts, again?.dueAt], [1, NOW + 10]);
    await complete(journal, id, attempt(), { state: "delivered" });
    const details = await journal.outbox.get(id);
    assertEquals([details?.state, details?.attempts, details?.dueAt], ["delivered", 2, null]);
    assertEquals(details?.history, [failed, attempt()]);
    assertEquals(details?.lastAttempt, attempt());
    assertEquals(details?.leasedUntil, null);
    assertEquals(await leasedKeys(journal, { now: NOW + 1e9 }), []);
    assertEquals(await journal.outbox.nextDueAt("erp", false), null);
  });

  test("complete() keeps the newest twenty attempts and counts them all", async (journal) => {
    await put(journal, { key: "1" });
    const id = await idOf(journal, "1");
    for (let startedAt = 1; startedAt <= 25; startedAt++) {
      const waiting = { state: "waiting", dueAt: NOW } as const;
      await complete(journal, id, attempt({ startedAt }), waiting);
    }
    const details = await journal.outbox.get(id);
    assertEquals(details?.attempts, 25);
    assertEquals(
      details?.history.map(({ startedAt }) => startedAt),
      Array.from({ length: 20 }, (_, index) => index + 6),
    );
  });

  test("retry() starts the schedule anew, and keeps the attempts", async (journal) => {
    await put(journal, { key: "1" });
    const id = await idOf(journal, "1");
    await complete(journal, id, attempt(), { state: "waiting", dueAt: NOW });
    await complete(journal, id, attempt(), { state: "failed" });
    assertEquals((await journal.outbox.get(id))?.attemptsBefore, 0);
    assertEquals(await journal.outbox.retry([id], NOW), 1);
    const [again] = await journal.outbox.lease(options());
    assertEquals([again?.attempts, again?.attemptsBefore], [2, 2]);
    assertEquals((await journal.outbox.get(id))?.history.length, 2);
  });

  test("resend() puts a further forward beside what was delivered", async (journal) => {
    await put(journal, { key: "1" }, { key: "2" }, { key: "3" });
    const [first = "", second = "", third = ""] = await Promise.all(
      ["1", "2", "3"].map((key) => idOf(journal, key)),
    );
    await complete(journal, first, attempt(), { state: "delivered" });
    await complete(journal, second, attempt(), { state: "failed" });
    const later = NOW + 60_000;
    assertEquals(await journal.outbox.resend({ destination: "erp", until: NOW + 2 }, later), 1);
    assertEquals(await journal.outbox.resend([second, third, "nobody"], later), 0);
    assertEquals(await journal.outbox.resend([first], later + 1), 1);
    const again = await journal.outbox.lease(options({ now: later + 1 }));
    assertEquals(again.map(({ event: { key }, attempts }) => [key, attempts]), [
      ["3", 0],
      ["1", 0],
      ["1", 0],
    ]);
    assertEquals(again[1]?.event.id, (await journal.outbox.get(first))?.event.id);
    const kept = await journal.outbox.get(first);
    assertEquals([kept?.state, kept?.attempts, kept?.history.length], ["delivered", 1, 1]);
    const { forwards = [] } = await journal.events.get(kept?.event.id ?? "") ?? {};
    assertEquals(forwards.map(({ state }) => state), ["delivered", "waiting", "waiting"]);
    assertEquals((await journal.outbox.counts()).get("erp")?.waiting, 3);
    assertEquals(await journal.outbox.count({ destination: "erp" }), 5);
    assertEquals(await journal.outbox.count({ destination: "erp", state: "delivered" }), 1);
    // What waits keeps its event, whatever became of the first one.
    await journal.prune({ olderThanMs: 0, now: NOW * 2, budgetMs: 1000 });
    assertEquals((await journal.outbox.get(first))?.state, "delivered");
  });

  test("resend() sends nothing of what was erased", async (journal) => {
    await put(journal, { key: "1", payload: new TextEncoder().encode('"ann@example.com"') });
    const id = await idOf(journal, "1");
    await complete(journal, id, attempt(), { state: "delivered" });
    await journal.erase("ann@example.com");
    assertEquals(await journal.outbox.resend([id], NOW), 0);
  });

  test("pause() is kept until it is ended", async (journal) => {
    const { outbox } = journal;
    const pause = { at: NOW, until: NOW + 60_000, status: 429 };
    assertEquals([await outbox.paused(), await outbox.resume("erp")], [new Map(), false]);
    await outbox.pause("erp", { ...pause, until: NOW + 1 });
    await outbox.pause("erp", pause);
    assertEquals(await outbox.paused(), new Map([["erp", pause]]));
    assertEquals([await outbox.resume("erp"), await outbox.paused()], [true, new Map()]);
  });

  test("correctDueDates() makes due what is due later than can be", async (journal) => {
    await put(journal, { key: "1" }, { key: "2" }, { key: "3", forwardTo: ["crm"] });
    for (const [key, dueAt] of [["1", NOW + 100], ["2", NOW + 101], ["3", NOW + 999]] as const) {
      await complete(journal, await idOf(journal, key), attempt(), { state: "waiting", dueAt });
    }
    assertEquals(await journal.outbox.correctDueDates("erp", NOW + 100, NOW), 1);
    assertEquals(await leasedKeys(journal), ["2"]);
    assertEquals(await journal.outbox.nextDueAt("crm", false), NOW + 999);
  });

  test("correctDueDates() makes due what came later than now", async (journal) => {
    await put(journal, { key: "1" }, { key: "2" }, { key: "3", forwardTo: ["crm"] });
    const dueAt = NOW + 50;
    await complete(journal, await idOf(journal, "2"), attempt(), { state: "waiting", dueAt });
    const latest = NOW + 9_999;
    assertEquals(await journal.outbox.correctDueDates("erp", latest, NOW + 10), 0);
    // The clock was set back since.
    const before = NOW - 1000;
    assertEquals(await journal.outbox.correctDueDates("erp", latest, before), 2);
    assertEquals(await journal.outbox.nextDueAt("erp", false), before);
    assertEquals(await journal.outbox.nextDueAt("crm", false), NOW + 2);
  });

  test("onChange() tells of what was recorded, released and retried", async (journal) => {
    let told = 0;
    const end = journal.outbox.onChange(() => told++);
    await put(journal, { key: "1" });
    assertEquals(told, 1);
    const [leased] = await journal.outbox.lease(options());
    await journal.outbox.release(leased === undefined ? [] : [leased.lease]);
    assertEquals(told, 2);
    await journal.outbox.retry({});
    assertEquals(told, 3);
    end();
    await put(journal, { key: "2" });
    assertEquals(told, 3);
  });
}

function harnessOf({ record, outbox }: Journal): OutboxHarness {
  async function get(id: string): Promise<Forward | undefined> {
    const found = await outbox.get(id);
    if (found === undefined) return undefined;
    const { leasedUntil: _until, lastAttempt: _last, history: _history, event, ...forward } = found;
    const { lastSeenAt: _seen, erasedAt: _erased, ...stored } = event;
    return { ...forward, event: stored };
  }

  return {
    outbox,
    get,
    attemptsOf: async (id) => (await outbox.get(id))?.history ?? [],
    async put(forwards) {
      // In one turn, so that it is one transaction.
      await Promise.all(forwards.map(({ destination, createdAt, event }) => {
        const { endpoint, receivedAt } = event;
        const from = delivery({ endpoint, receivedAt, answeredAt: createdAt });
        return record(from, { events: [{ ...event, forwardTo: [destination] }] });
      }));
      const recorded = (await outbox.list({ limit: 1000 })).forwards;
      const found = await Promise.all(forwards.map(({ event }) => {
        const { id = "" } = recorded.find((each) => each.event.key === event.key) ?? {};
        return get(id);
      }));
      return found.filter((forward) => forward !== undefined);
    },
  };
}
