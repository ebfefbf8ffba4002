import { assert, assertEquals } from "@std/assert";
import type { AttemptOutcome } from "../../../lib/forward/outbox.ts";
import { idsOf, lease, LEASE_MS, leasedIds, type OutboxHarness } from "./outbox_harness.ts";
import { attempt, NOW, storedEvent, toPut } from "./samples.ts";

/** In which order an outbox leases what belongs to one subject. */
export function testOrder(
  test: (criterion: string, run: (harness: OutboxHarness) => Promise<void>) => void,
): void {
  test("orders each subject when asked to", async ({ outbox, put }) => {
    const [a1, b1, a2, b2] = await put(
      ["cart/a", "cart/b", "cart/a", "cart/b"].map((subject, index) =>
        toPut({ event: storedEvent({ subject }), createdAt: NOW + index })
      ),
    );
    assert(a1 !== undefined && b1 !== undefined && a2 !== undefined && b2 !== undefined);
    const now = NOW + 9;
    const [first, second, ...more] = await outbox.lease(lease({ now, ordered: true }));
    assert(first !== undefined && second !== undefined);
    assertEquals([first.id, second.id, ...idsOf(more)], [a1.id, b1.id]);
    assertEquals(await leasedIds(outbox, { now, ordered: true }), []);

    await outbox.complete(first.lease, attempt(), { state: "delivered" });
    assertEquals(await outbox.nextDueAt("erp", true), a2.createdAt);
    assertEquals(await leasedIds(outbox, { now, ordered: true }), [a2.id]);

    const dueAt = NOW + 5000;
    await outbox.complete(second.lease, attempt(), { state: "waiting", dueAt });
    assertEquals(await leasedIds(outbox, { now, ordered: true }), []);
    assertEquals(await outbox.nextDueAt("erp", false), b2.createdAt);
    assertEquals(await outbox.nextDueAt("erp", true), dueAt);

    const [again] = await outbox.lease(lease({ now: dueAt, ordered: true }));
    assert(again !== undefined);
    assertEquals(again.id, b1.id);
    await outbox.complete(again.lease, attempt(), { state: "failed" });
    assertEquals(await leasedIds(outbox, { now: dueAt, ordered: true }), [b2.id]);
  });

  test("leases no more once it has as many bytes as were asked for", async ({ outbox, put }) => {
    const forwards = await put(
      [400, 500, 200, 1].map((bytes, index) =>
        toPut({
          event: storedEvent({ payload: new Uint8Array(bytes).fill(0x20) }),
          createdAt: NOW + index,
        })
      ),
    );
    const ids = forwards.map(({ id }) => id);
    const leased = () => leasedIds(outbox, { now: NOW + 9, mostBytes: 900 });
    assertEquals([await leased(), await leased()], [ids.slice(0, 2), ids.slice(2)]);
    const large = await put([toPut({ event: storedEvent({ payload: new Uint8Array(1000) }) })]);
    assertEquals(await leased(), idsOf(large));
  });

  test("orders what was put at one time by its id", async ({ outbox, put }) => {
    const forwards = await put(
      Array.from({ length: 5 }, () => toPut({ event: storedEvent({ subject: "" }) })),
    );
    for (const { id } of forwards) {
      const [leased, ...more] = await outbox.lease(lease({ ordered: true }));
      assert(leased !== undefined);
      assertEquals([leased.id, more], [id, []]);
      await outbox.complete(leased.lease, attempt(), { state: "delivered" });
    }
  });

  test("waits behind an older one whose lease ran out", async ({ outbox, put }) => {
    const [first] = await put(
      [0, 1].map((ms) => toPut({ event: storedEvent({ subject: "cart/a" }), createdAt: NOW + ms })),
    );
    assert(first !== undefined);
    assertEquals(await leasedIds(outbox, { ordered: true }), [first.id]);
    assertEquals(await outbox.nextDueAt("erp", true), NOW + LEASE_MS);
    const now = NOW + LEASE_MS;
    assertEquals(await leasedIds(outbox, { now, ordered: true }), [first.id]);
  });

  test("completes many in one turn as it does one after another", async (harness) => {
    const { outbox, put, get, attemptsOf } = harness;
    const subjects = ["cart/a", "cart/a", "cart/b", "cart/b", "cart/c", "cart/c", "cart/d"];
    const forwards = await put(
      subjects.map((subject, index) =>
        toPut({ event: storedEvent({ subject }), createdAt: NOW + index })
      ),
    );
    const now = NOW + 9;
    const leased = await outbox.lease(lease({ now, limit: 6 }));
    assertEquals(idsOf(leased), idsOf(forwards.slice(0, 6)));
    const [a1, a2, b1, b2, c1, c2] = leased.map(({ lease }) => lease);
    assert(a1 !== undefined && a2 !== undefined && b1 !== undefined);
    assert(b2 !== undefined && c1 !== undefined && c2 !== undefined);
    const delivered = { state: "delivered" } as const;
    const complete = (one: typeof a1, outcome: AttemptOutcome = delivered) =>
      outbox.complete(one, attempt(), outcome);
    const held = await Promise.all([
      ...[complete(a1), complete(a2), complete(b1)],
      complete({ ...b2, number: b2.number + 1 }),
      complete({ ...c1, owner: "worker 2" }),
      complete({ ...c1, id: "nobody" }),
      complete(c2, { state: "waiting", dueAt: NOW + 5000 }),
      complete(c2),
    ]);
    assertEquals(held, [true, true, true, false, false, false, true, false]);
    const states = await Promise.all(idsOf(forwards).map(async (id) => (await get(id))?.state));
    assertEquals(states, [...Array(3).fill("delivered"), ...Array(4).fill("waiting")]);
    const made = await Promise.all(
      idsOf(forwards).map(async (id) => (await attemptsOf(id)).length),
    );
    assertEquals(made, [1, 1, 1, 0, 0, 1, 0]);
    // Of each subject the oldest that waits leads: two of them are leased still.
    assertEquals(await leasedIds(outbox, { now, ordered: true }), idsOf(forwards.slice(6)));
    assertEquals(
      await leasedIds(outbox, { now: now + LEASE_MS, ordered: true }),
      idsOf([3, 4, 6].flatMap((index) => forwards[index] ?? [])),
    );
  });
}
