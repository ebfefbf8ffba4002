import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { createFailureBudget, createTokenBucket } from "../../../lib/util/rates.ts";

Deno.test("createTokenBucket() never gives more than the burst and the rate together", () => {
  const steps = fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 50 });
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 50 }),
    fc.integer({ min: 1, max: 50 }),
    steps,
    (perSecond, burst, pauses) => {
      const bucket = createTokenBucket(perSecond, 0, burst);
      let now = 0;
      let taken = 0;
      for (const pause of pauses) {
        now += pause;
        const available = bucket.available(now);
        bucket.take(available);
        taken += available;
      }
      assertEquals(taken <= burst + perSecond * now / 1000 + 1e-6, true);
    },
  ));
});

Deno.test("createTokenBucket() gives one when the wait that it told is over", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1000 }), (perSecond) => {
    const bucket = createTokenBucket(perSecond, 0, 1);
    bucket.take(1);
    assertEquals(bucket.waitMs(bucket.waitMs(0)), 0);
  }));
});

Deno.test("createTokenBucket() saves up no more than the burst, however long nothing is taken", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 50 }),
    fc.integer({ min: 1, max: 50 }),
    fc.integer({ min: 0, max: 100_000_000 }),
    fc.nat({ max: 50 }),
    (perSecond, burst, pauseMs, taken) => {
      const bucket = createTokenBucket(perSecond, 0, burst);
      bucket.take(Math.min(taken, burst));
      assertEquals(bucket.available(pauseMs) <= burst, true);
    },
  ));
  const bucket = createTokenBucket(2, 0, 3);
  bucket.take(3);
  assertEquals([bucket.available(1000), bucket.available(3_600_000)], [2, 3]);
});

const isLeft = (taken: unknown) => taken !== undefined;

Deno.test("createFailureBudget() holds up who sends large bodies, and small ones fit in", () => {
  const budget = createFailureBudget(1_000_000, 0);
  const take = (bytes: number, now = 0, address = "192.0.2.1") =>
    isLeft(budget.take(address, bytes, now));
  assertEquals([take(1_000_000), take(999_000), take(1_000_000)], [true, true, false]);
  assertEquals([take(1000), take(1)], [true, false]);
  // A second later there is room for what comes in a second.
  assertEquals([take(131_072, 1000), take(1, 1000)], [true, false]);
  assertEquals(take(1_000_000, 0, "192.0.2.2"), true);
});

Deno.test("createFailureBudget() gives back what was no failure", () => {
  const budget = createFailureBudget(1000, 0);
  for (let turn = 0; turn < 100; turn++) {
    const giveBack = budget.take("192.0.2.1", 1000, 0);
    assertEquals(typeof giveBack, "function");
    giveBack?.();
  }
});

Deno.test("createFailureBudget() counts all addresses of one sender of IPv6 as one", () => {
  const budget = createFailureBudget(1000, 0);
  const takes = ["2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::3", "2001:db8:0:1::1"]
    .map((address) => isLeft(budget.take(address, 1000, 0)));
  assertEquals(takes, [true, true, false, true]);
});

Deno.test("createFailureBudget() has an end for all addresses together, and forgets none too soon", () => {
  const budget = createFailureBudget(1000, 0);
  const taken = Array.from(
    { length: 5000 },
    (_, index) => isLeft(budget.take(`10.0.${index >> 8}.${index & 255}`, 1000, 0)),
  );
  assertEquals(taken.filter((one) => one).length, 8);
});
