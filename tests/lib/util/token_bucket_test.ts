import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { createTokenBucket } from "../../../lib/util/token_bucket.ts";

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
