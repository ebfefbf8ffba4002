import { assertEquals, assertRejects } from "@std/assert";
import { createChanges, eventually, within } from "./waits.ts";

const soon = { deadlineMs: 20, soFar: () => "1 of 2" };

Deno.test("within() gives what came, and says what did not come", async () => {
  assertEquals(await within("a number", Promise.resolve(1)), 1);
  await assertRejects(
    () => within("a number", new Promise(() => {}), soon),
    Error,
    "Waited 20 ms in vain for a number; so far came: 1 of 2",
  );
});

Deno.test("until() looks after each change, and no longer than it may", async () => {
  const { happened, until } = createChanges();
  let count = 0;
  const two = until("two", () => count === 2);
  for (; count < 2;) {
    count++;
    happened();
    await Promise.resolve();
  }
  await two;
  await assertRejects(() => until("three", () => count === 3, soon), Error, "in vain for three");
});

Deno.test("eventually() asks until it holds, and no longer than it may", async () => {
  let asked = 0;
  await eventually("the second answer", () => Promise.resolve(++asked === 2));
  assertEquals(asked, 2);
  await assertRejects(() => eventually("another", () => false, soon), Error, "in vain for another");
});
