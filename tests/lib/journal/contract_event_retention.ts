import { assertEquals } from "@std/assert";
import type { Journal } from "../../../lib/journal/journal.ts";
import {
  attempt,
  complete,
  delivery,
  event,
  eventKeys,
  LEASING,
  type WithJournal,
} from "./samples.ts";

const HOUR_MS = 3_600_000;

/** What every store must do with events that grow old or too many, in the words of the contract. */
export function testEventRetention(store: string, withJournal: WithJournal): void {
  function test(name: string, run: (journal: Journal) => Promise<void>) {
    Deno.test(`${store} ${name}`, () => withJournal(run));
  }
  const gone = (deliveries: number, events: number) => ({
    deliveries,
    events,
    exportVersions: 0,
    givenUp: {},
    done: true,
  });

  test("prune() removes events with their delivery, but none that waits", async (journal) => {
    const none: string[] = [];
    await journal.record(delivery({ receivedAt: 1000 }), {
      events: [event({ key: "waits" }), event({ key: "done", forwardTo: none })],
    });
    await journal.record(delivery({ receivedAt: 2000 }), {
      events: [event({ key: "kept", forwardTo: none })],
    });
    const old = { olderThanMs: 1000, now: 3000, budgetMs: 1000 };
    assertEquals(await journal.prune({ ...old, dryRun: true }), gone(1, 1));
    assertEquals(await journal.prune({ ...old, dryRun: true }), gone(1, 1));
    assertEquals(await journal.prune(old), gone(1, 1));
    assertEquals(await eventKeys(journal), ["waits", "kept"]);
    const leasing = { ...LEASING, limit: 9, leaseMs: 1, now: 2e12, ordered: false };
    const [forward] = await journal.outbox.lease(leasing);
    assertEquals(forward?.event.payload, event().payload);
    await complete(journal, forward?.id ?? "", attempt(), { state: "delivered" });
    assertEquals(await journal.prune(old), gone(0, 1));
    assertEquals(await eventKeys(journal), ["kept"]);
    assertEquals(await journal.outbox.get(forward?.id ?? ""), undefined);
    assertEquals((await journal.outbox.list()).forwards, []);
  });

  test("prune() by size removes the oldest, but no event that waits", async (journal) => {
    const large = { payload: new Uint8Array(20_000) };
    for (let index = 0; index < 40; index++) {
      const forwardTo = index === 0 ? ["erp"] : [];
      const events = [event({ ...large, key: String(index), forwardTo })];
      await journal.record(delivery({ receivedAt: 1000 + index }), { events });
    }
    const limits = { maxBytes: 440_000, budgetMs: 10_000 };
    const wouldGo = await journal.prune({ ...limits, dryRun: true });
    const result = await journal.prune(limits);
    assertEquals(Math.abs(wouldGo.events - result.events) <= 3, true);
    assertEquals([result.done, (await journal.counts()).bytes <= 440_000], [true, true]);
    const all = Array.from({ length: 40 }, (_, index) => String(index));
    assertEquals(await eventKeys(journal), ["0", ...all.slice(result.events + 1)]);
    assertEquals(result.events > 10 && result.events < 30, true);
  });

  test("record() knows an event for 48 hours, also when it was pruned", async (journal) => {
    const events = [event({ key: "1", forwardTo: [] })];
    const record = (receivedAt: number) => journal.record(delivery({ receivedAt }), { events });
    const prune = (now: number) => journal.prune({ olderThanMs: 0, now, budgetMs: 1000 });
    await record(1000);
    await prune(2000);
    assertEquals(await eventKeys(journal), []);
    await record(3000);
    assertEquals(await eventKeys(journal), []);
    await prune(1000 + 48 * HOUR_MS);
    await record(999 + 48 * HOUR_MS);
    assertEquals(await eventKeys(journal), []);
    await record(1000 + 48 * HOUR_MS);
    assertEquals(await eventKeys(journal), ["1"]);
  });

  test("prune() gives up the oldest that wait beyond a limit, with words", async (journal) => {
    const parts = (key: string) => ({ key, payload: new Uint8Array(1000) });
    for (let index = 0; index < 8; index++) {
      const forwardTo = index % 4 === 3 ? ["erp", "crm"] : ["erp"];
      await journal.record(delivery({ receivedAt: index, answeredAt: index }), {
        events: [event({ ...parts(String(index)), forwardTo })],
      });
    }
    const before = await journal.outbox.counts();
    assertEquals(before.get("crm")?.waitingBytes, 4048);
    assertEquals(before.get("erp")?.waitingBytes, 16_192);
    const limits = { maxWaitingBytes: 6100, now: 9, budgetMs: 10_000 };
    assertEquals(await journal.prune(limits), { ...gone(0, 0), givenUp: { erp: 5 } });
    const counts = await journal.outbox.counts();
    assertEquals([counts.get("erp")?.waiting, counts.get("erp")?.failed], [3, 5]);
    assertEquals([counts.get("crm")?.waiting, counts.get("erp")?.waitingBytes], [2, 6072]);
    const failed = (await journal.outbox.list({ state: "failed" })).forwards;
    assertEquals(failed.map((each) => each.event.key), ["4", "3", "2", "1", "0"]);
    const error = "given up: what waits here takes more than 6100 bytes, " +
      "see journal.maxWaitingBytes";
    assertEquals(failed.map(({ lastAttempt }) => lastAttempt?.error), Array(5).fill(error));
    assertEquals(await journal.prune(limits), gone(0, 0));
    assertEquals(await journal.outbox.retry({ state: "failed" }, 10), 5);
  });

  test("noteClock() keeps what is known of the clock", async (journal) => {
    assertEquals(await journal.clockRecord(), null);
    await journal.noteClock({ trustedAt: 1000, seenMs: 5 });
    await journal.noteClock({ trustedAt: 2000.4, seenMs: 0 });
    assertEquals((await journal.clockRecord())?.seenMs, 0);
    assertEquals(Math.round((await journal.clockRecord())?.trustedAt ?? 0), 2000);
  });
}
