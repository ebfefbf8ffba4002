import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { growth } from "../../bench/soak/trend.ts";

const samplesOf = (values: readonly number[]) =>
  values.map((value, index) => ({ requests: index * 1000, value }));

Deno.test("growth() of less than two samples is none", () => {
  assertEquals(growth([]), 0);
  assertEquals(growth(samplesOf([7])), 0);
});

Deno.test("growth() takes a single high sample in the middle for chance", () => {
  assertEquals(growth(samplesOf([10, 10, 90, 10, 10])), 0);
});

Deno.test("growth() of a straight line is its end less its beginning", () => {
  fc.assert(fc.property(
    fc.integer({ min: 0, max: 1000 }),
    fc.integer({ min: -50, max: 50 }),
    fc.integer({ min: 2, max: 50 }),
    (start, step, count) => {
      const values = Array.from({ length: count }, (_, index) => start + index * step);
      assertAlmostEquals(growth(samplesOf(values)), step * (count - 1), 1e-6);
    },
  ));
});
