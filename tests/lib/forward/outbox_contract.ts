import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import type { Attempt } from "../../../lib/forward/outbox.ts";
import {
  idsOf,
  lease,
  LEASE_MS,
  leasedIds,
  type OutboxHarness,
  OWNER,
  type WithOutbox,
} from "./outbox_harness.ts";
import { playSteps, step } from "./outbox_steps.ts";
import { attempt, NOW, storedEvent, toPut } from "./samples.ts";
import { testOrder } from "./outbox_order_contract.ts";

/** What every outbox must do, in the words of the contract. */
export function testOutbox(name: string, withOutbox: WithOutbox, numRuns = 60): void {
  function test(criterion: string, run: (harness: OutboxHarness) => Promise<void>): void {
    Deno.test(`${name} ${criterion}`, () => withOutbox(run));
  }

  test("gives a forward as it was put", async ({ outbox, put, get }) => {
    const event = storedEvent({ occurredAt: NOW - 5, warnings: ["total: wanted a number"] });
    const given = toPut({ event });
    const [forward] = await put([given]);
    assert(forward !== undefined);
    const { id, event: { id: eventId, deliveryId } } = forward;
    assertEquals(forward, {
      ...given,
      id,
      event: { ...event, id: eventId, deliveryId },
      state: "waiting",
      attempts: 0,
      attemptsBefore: 0,
      dueAt: NOW,
    });
    assertEquals(await get(id), forward);
    const number = 1;
    assertEquals(await outbox.lease(lease()), [{
      ...forward,
      lease: { id, owner: OWNER, number },
    }]);
  });

  test("leases what is due, oldest first, up to the limit", async ({ outbox, put }) => {
    const forwards = await put([0, 1, 2, 3].map((ms) => toPut({ createdAt: NOW + ms })));
    const now = NOW + 2;
    assertEquals(await leasedIds(outbox, { now, limit: 2 }), idsOf(forwards.slice(0, 2)));
    assertEquals(await leasedIds(outbox, { now }), idsOf(forwards.slice(2, 3)));
    assertEquals(await leasedIds(outbox, { now }), []);
  });

  test("keeps destinations apart", async ({ outbox, put }) => {
    const folder = toPut({ destination: "hotfolder", createdAt: NOW + 9 });
    const forwards = await put([toPut(), folder]);
    assertEquals(await outbox.nextDueAt("erp", false), NOW);
    assertEquals(await outbox.nextDueAt("hotfolder", false), NOW + 9);
    assertEquals(await outbox.nextDueAt("other", false), null);
    assertEquals(await leasedIds(outbox, { now: NOW + 9 }), idsOf(forwards.slice(0, 1)));
  });

  test("leases again what nobody completed, once the lease ran out", async ({ outbox, put }) => {
    await put([toPut()]);
    const first = await outbox.lease(lease());
    assertEquals(await outbox.nextDueAt("erp", false), NOW + LEASE_MS);
    assertEquals(await outbox.lease(lease({ now: NOW + LEASE_MS - 1 })), []);
    const again = await outbox.lease(lease({ now: NOW + LEASE_MS }));
    assertEquals(idsOf(again), idsOf(first));
    assertEquals(first.map(({ attempts }) => attempts), [0]);
  });

  test("releases what was not tried", async ({ outbox, put, attemptsOf }) => {
    await put([toPut(), toPut(), toPut()]);
    const leased = await outbox.lease(lease());
    const leases = leased.slice(0, 2).map(({ lease }) => lease);
    assertEquals(await outbox.release(leases), []);
    assertEquals(await outbox.nextDueAt("erp", false), NOW);
    assertEquals(await leasedIds(outbox), idsOf(leased.slice(0, 2)));
    for (const { id } of leased) assertEquals(await attemptsOf(id), []);
    assertEquals(await outbox.release([]), []);
    const nobodys = { id: "nobody", owner: OWNER, number: 1 };
    assertEquals(await outbox.release([nobodys, ...leases]), [nobodys, ...leases]);
  });

  test("tells whoever lost a lease, and changes nothing then", async (harness) => {
    const { outbox, put, get, attemptsOf } = harness;
    await put([toPut()]);
    const [first] = await outbox.lease(lease());
    const [second] = await outbox.lease(lease({ owner: "worker 2", now: NOW + LEASE_MS }));
    assert(first !== undefined && second !== undefined);
    assertEquals([first.id, first.lease.owner], [second.id, OWNER]);
    assertEquals(second.lease.number > first.lease.number, true);
    assertEquals(await outbox.complete(first.lease, attempt(), { state: "delivered" }), false);
    assertEquals(await outbox.release([first.lease]), [first.lease]);
    const others = { ...second.lease, owner: OWNER };
    assertEquals(await outbox.complete(others, attempt(), { state: "failed" }), false);
    assertEquals(await outbox.release([others]), [others]);
    assertEquals([(await get(first.id))?.state, await attemptsOf(first.id)], ["waiting", []]);
    assertEquals(await outbox.lease(lease({ now: NOW + LEASE_MS })), []);

    assertEquals(await outbox.complete(second.lease, attempt(), { state: "delivered" }), true);
    assertEquals(await outbox.complete(second.lease, attempt(), { state: "failed" }), false);
    assertEquals([(await get(first.id))?.state, (await get(first.id))?.attempts], ["delivered", 1]);
  });

  test("completes by a lease that ran out while nobody else took the forward", async (harness) => {
    const { outbox, put, get } = harness;
    await put([toPut()]);
    const [leased] = await outbox.lease(lease());
    assert(leased !== undefined);
    const startedAt = NOW + 2 * LEASE_MS;
    const made = attempt({ startedAt });
    assertEquals(await outbox.complete(leased.lease, made, { state: "delivered" }), true);
    assertEquals((await get(leased.id))?.state, "delivered");
  });

  test("reclaims what was leased in a name, and nothing else", async ({ outbox, put, get }) => {
    await put([toPut(), toPut(), toPut()]);
    const [first, second] = await outbox.lease(lease({ limit: 2 }));
    const [others] = await outbox.lease(lease({ owner: "worker 2" }));
    assert(first !== undefined && second !== undefined && others !== undefined);
    let told = 0;
    const forget = outbox.onChange(() => told++);
    assertEquals(await outbox.reclaim(OWNER), 2);
    assertEquals([told > 0, await outbox.reclaim(OWNER)], [true, 0]);
    forget();
    assertEquals(await outbox.complete(first.lease, attempt(), { state: "failed" }), false);
    const again = await outbox.lease(lease());
    assertEquals(idsOf(again), [first.id, second.id]);
    assertEquals(await outbox.release([first.lease]), [first.lease]);
    assertEquals(await outbox.complete(others.lease, attempt(), { state: "delivered" }), true);
    assertEquals((await get(others.id))?.state, "delivered");
  });

  test("completes what was delivered or failed for good", async (harness) => {
    const { outbox, put, get, attemptsOf } = harness;
    for (const state of ["delivered", "failed"] as const) {
      await put([toPut()]);
      const [forward] = await outbox.lease(lease());
      assert(forward !== undefined);
      const made = attempt({ status: 500, error: "erp.example answered 500", durationMs: 7 });
      assertEquals(await outbox.complete(forward.lease, made, { state }), true);
      const { lease: _lease, ...taken } = forward;
      assertEquals(await get(forward.id), { ...taken, state, attempts: 1, dueAt: null });
      assertEquals(await attemptsOf(forward.id), [made]);
      assertEquals(await outbox.nextDueAt("erp", false), null);
      assertEquals(await outbox.lease(lease({ now: NOW + 10 * LEASE_MS })), []);
    }
  });

  test("completes what has to be tried again", async ({ outbox, put, get, attemptsOf }) => {
    const [forward] = await put([toPut()]);
    assert(forward !== undefined);
    const attempts: Attempt[] = [];
    for (let dueAt = NOW + 5000; attempts.length < 3; dueAt += 5000) {
      const [leased] = await outbox.lease(lease({ now: dueAt - 5000 }));
      assert(leased !== undefined);
      const made = attempt({ startedAt: dueAt - 5000, status: null, error: "Cannot reach it" });
      attempts.push(made);
      await outbox.complete(leased.lease, made, { state: "waiting", dueAt });
      assertEquals(await attemptsOf(forward.id), attempts);
      assertEquals(await outbox.nextDueAt("erp", false), dueAt);
      assertEquals(await outbox.lease(lease({ now: dueAt - 1 })), []);
    }
    const now = NOW + 15_000;
    assertEquals((await get(forward.id))?.attempts, 3);
    assertEquals((await outbox.lease(lease({ now }))).map(({ attempts }) => attempts), [3]);
  });

  test("changes nothing when an unknown forward is completed", async ({ outbox, get }) => {
    const lease = { id: "nobody", owner: OWNER, number: 1 };
    assertEquals(await outbox.complete(lease, attempt(), { state: "delivered" }), false);
    assertEquals(await get("nobody"), undefined);
  });

  testOrder(test);

  test("keeps which destinations are disabled", async ({ outbox }) => {
    assertEquals(await outbox.disabled(), new Map());
    await outbox.disable("erp", { at: NOW, reason: "gone" });
    await outbox.disable("crm", { at: NOW + 1, reason: "failing" });
    await outbox.disable("erp", { at: NOW + 2, reason: "failing" });
    assertEquals(
      new Map([...await outbox.disabled()].toSorted()),
      new Map([
        ["crm", { at: NOW + 1, reason: "failing" }],
        ["erp", { at: NOW, reason: "gone" }],
      ]),
    );
    let told = 0;
    const forget = outbox.onChange(() => told++);
    assertEquals(await outbox.enable("erp"), true);
    assertEquals(told, 1);
    assertEquals(await outbox.enable("erp"), false);
    forget();
    assertEquals([...(await outbox.disabled()).keys()], ["crm"]);
  });

  test("tells when something was put, until nobody listens", async ({ outbox, put }) => {
    let calls = 0;
    const first = Promise.withResolvers<void>();
    const forget = outbox.onChange(() => {
      calls++;
      first.resolve();
    });
    await put([toPut()]);
    await first.promise;
    forget();
    const second = Promise.withResolvers<void>();
    const forgetSecond = outbox.onChange(() => second.resolve());
    const before = calls;
    await put([toPut()]);
    await second.promise;
    forgetSecond();
    assertEquals(calls, before);
  });

  test("never gives a forward to two, nor one before its time or its turn", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (steps, ordered) => {
        await withOutbox((harness) => playSteps(harness, steps, ordered));
      }),
      { numRuns },
    );
  });
}
