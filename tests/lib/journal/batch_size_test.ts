import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { createBatchSize } from "../../../lib/journal/batch_size.ts";

Deno.test("createBatchSize() halves what waits at a time", () => {
  const size = createBatchSize(12);
  for (let waiting = 1; waiting <= 101; waiting++) size.hear(waiting);
  assertEquals(size.full(), 51);
  size.sent(101);
  assertEquals(size.full(), 51);
});

Deno.test("createBatchSize() comes down again, a step with each batch", () => {
  const size = createBatchSize(12);
  size.hear(1000);
  const sizes = Array.from({ length: 100 }, () => {
    size.sent(2);
    return size.full();
  });
  assertEquals([sizes[0], sizes[15], sizes.at(-1)], [469, 176, 12]);
});

Deno.test("createBatchSize() never asks for more than half of what waited, but for the least", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ waiting: fc.nat(5000), isSent: fc.boolean() }), { minLength: 1 }),
      (steps) => {
        const size = createBatchSize(12);
        for (const { waiting, isSent } of steps) {
          if (isSent) size.sent(waiting);
          else size.hear(waiting);
          const least = Math.max(12, Math.ceil(waiting / 2));
          const most = Math.max(12, Math.ceil(Math.max(...steps.map((step) => step.waiting)) / 2));
          assertEquals(size.full() >= least && size.full() <= most, true);
        }
      },
    ),
  );
});
