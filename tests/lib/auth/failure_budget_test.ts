import { assertEquals } from "@std/assert";
import { createFailureBudget } from "../../../lib/auth/failure_budget.ts";

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
