import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import type { AttemptOutcome, Lease } from "../../../lib/forward/outbox.ts";
import { idsOf, lease, LEASE_MS, type OutboxHarness } from "./outbox_harness.ts";
import { attempt, NOW, storedEvent, toPut } from "./samples.ts";

/** What happens to an outbox: something is put, the clock goes on, leases are taken and ended. */
export const step = fc.oneof(
  fc.record({ kind: fc.constant("put" as const), subject: fc.constantFrom("a", "b", "c") }),
  fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: LEASE_MS }) }),
  fc.record({ kind: fc.constant("lease" as const), limit: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    kind: fc.constant("complete" as const),
    pick: fc.nat(),
    to: fc.constantFrom("delivered" as const, "failed" as const, "waiting" as const),
    ms: fc.integer({ min: 0, max: LEASE_MS }),
  }),
  fc.record({ kind: fc.constant("release" as const), pick: fc.nat() }),
);

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** What is expected of a forward. */
interface Expected {
  readonly id: string;
  readonly subject: string;
  dueAt: number;
  leasedUntil: number;
  lease: Lease | undefined;
}

/** Plays steps on an outbox and on a plain list beside it, and compares after each. */
export async function playSteps(
  { outbox, put }: OutboxHarness,
  steps: readonly Step[],
  ordered: boolean,
): Promise<void> {
  let now = NOW;
  /** Those that are not done, oldest first. */
  const open: Expected[] = [];
  const takable = () =>
    open.filter(({ subject }, index) =>
      !ordered || open.findIndex((other) => other.subject === subject) === index
    );
  const leased = () => open.filter(({ leasedUntil }) => leasedUntil > now);

  for (const one of steps) {
    if (one.kind === "wait") now += one.ms;
    else if (one.kind === "put") {
      const { subject } = one;
      const recorded = await put([toPut({ event: storedEvent({ subject }), createdAt: now })]);
      open.push(
        ...recorded.map(({ id }) => ({
          id,
          subject,
          dueAt: now,
          leasedUntil: -Infinity,
          lease: undefined,
        })),
      );
    } else if (one.kind === "lease") {
      const expected = takable()
        .filter(({ dueAt, leasedUntil }) => dueAt <= now && leasedUntil <= now)
        .slice(0, one.limit);
      const options = { now, ordered, limit: one.limit };
      const leased = await outbox.lease(lease(options));
      assertEquals(idsOf(leased), idsOf(expected));
      for (const [index, forward] of expected.entries()) {
        forward.leasedUntil = now + LEASE_MS;
        forward.lease = leased[index]?.lease;
      }
    } else {
      const candidates = leased();
      const picked = candidates[one.pick % Math.max(1, candidates.length)];
      if (picked?.lease === undefined) continue;
      picked.leasedUntil = -Infinity;
      if (one.kind === "release") assertEquals(await outbox.release([picked.lease]), []);
      else {
        const dueAt = now + one.ms;
        const outcome: AttemptOutcome = one.to === "waiting"
          ? { state: "waiting", dueAt }
          : { state: one.to };
        const made = attempt({ startedAt: now });
        assertEquals(await outbox.complete(picked.lease, made, outcome), true);
        if (one.to === "waiting") picked.dueAt = dueAt;
        else open.splice(open.indexOf(picked), 1);
      }
    }
    const times = takable().map(({ dueAt, leasedUntil }) => Math.max(dueAt, leasedUntil));
    assertEquals(
      await outbox.nextDueAt("erp", ordered),
      times.length === 0 ? null : Math.min(...times),
    );
  }
}
