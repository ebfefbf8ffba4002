/** What of a condition can fail, as far as it matters to what is left and what is never reached. */
import { assertEquals } from "@std/assert";
import { reachOf } from "../../../../lib/rules/reach/unreachable.ts";
import { compiled, SHOP } from "../shop.ts";

function reach(...conditions: readonly string[]) {
  return reachOf(
    SHOP,
    conditions.map((when, index) => ({ name: `r${index}`, when: compiled(when) })),
  );
}

/** What can be read of every document, so that it is true or false of each. */
const SURE: readonly string[] = [
  "order.note.contains('x')",
  "order.user.email.endsWith('@example.com')",
  "order.note.lower() == 'x'",
  "order.note.trim().size() > 5",
  "order.items.size() > 5",
  "order.total - order.shipping > 100",
  "order.total * 1.19 + order.shipping / 2.0 > 100",
  "order.total > order.shipping",
  "order.note == order.id",
  "order.note.lower() in ['a', 'b']",
  "(order.rush ? order.total > 1 : order.total > 5)",
  "item.properties.size() == 0",
];

for (const when of SURE) {
  Deno.test(`reachOf() knows that nothing is left by ${when} and what it is not`, () => {
    assertEquals(reach(when, `!(${when})`).leavesSome, false);
    assertEquals(reach(when, `!(${when})`, "item.total > 1").unreachable.length, 1);
  });
}

/** How large a number is that no document holds. */
const LARGE = Array.from({ length: 20 }, () => "order.total").join(" * ");

Deno.test("reachOf() knows that what becomes too large fails", () => {
  const rules = [`${LARGE} > 1`, `${LARGE} <= 1`];
  assertEquals(reach(...rules, "order.rush").unreachable, []);
});
