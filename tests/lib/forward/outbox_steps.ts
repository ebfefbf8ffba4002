import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import type { AttemptOutcome } from "../../../lib/forward/outbox.ts";
import { LEASE_MS, leasedIds, type OutboxHarness } from "./outbox_harness.ts";
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
      open.push(...recorded.map(({ id }) => ({ id, subject, dueAt: now, leasedUntil: -Infinity })));
    } else if (one.kind === "lease") {
      const expected = takable()
        .filter(({ dueAt, leasedUntil }) => dueAt <= now && leasedUntil <= now)
        .slice(0, one.limit);
      const options = { now, ordered, limit: one.limit };
      assertEquals(await leasedIds(outbox, options), expected.map(({ id }) => id));
      for (const forward of expected) forward.leasedUntil = now + LEASE_MS;
    } else {
      const candidates = leased();
      const picked = candidates[one.pick % Math.max(1, candidates.length)];
      if (picked === undefined) continue;
      picked.leasedUntil = -Infinity;
      if (one.kind === "release") await outbox.release([picked.id]);
      else {
        const dueAt = now + one.ms;
        const outcome: AttemptOutcome = one.to === "waiting"
          ? { state: "waiting", dueAt }
          : { state: one.to };
        await outbox.complete(picked.id, attempt({ startedAt: now }), outcome);
        if (one.to === "waiting") picked.dueAt = dueAt;
        else open.splice(open.indexOf(picked), 1);
      }
    }
    const times = takable().map(({ dueAt, leasedUntil }) => Math.max(dueAt, leasedUntil));
    assertEquals(outbox.nextDueAt("erp", ordered), times.length === 0 ? null : Math.min(...times));
  }
}
