import { assert, assertEquals } from "@std/assert";
import { evidenceOf, valuesRead } from "../../../lib/rules/evidence.ts";
import { compileValue } from "../../../lib/rules/expression.ts";
import { CONTEXT, SHOP } from "./shop.ts";

function read(when: string, context: object = CONTEXT) {
  const expression = compileValue(SHOP, when);
  assert("read" in expression);
  return valuesRead([expression], context).map(({ path, value }) => `${path} = ${value}`);
}

Deno.test("valuesRead() tells what a condition read, and nothing that it did not", () => {
  assertEquals(read("order.id == 'x' && order.total > 5"), ["order.id = 4711"]);
  assertEquals(read("order.id == '4711' && order.total > 5"), [
    "order.id = 4711",
    "order.total = 100.1",
  ]);
  assertEquals(read("order.user.email.endsWith('.com') && !order.rush"), [
    "order.user.email = ann@example.com",
    "order.rush = false",
  ]);
  assertEquals(read("true"), []);
});

Deno.test("valuesRead() names the elements of lists and the keys of maps", () => {
  assertEquals(read("order.items.exists(i, i.quantity == 0)"), [
    "order.items = 2 elements",
    "order.items[0].quantity = 250",
    "order.items[1].quantity = 0",
  ]);
  assertEquals(read("has(item.properties.Paper) && 'Weight' in item.properties"), [
    "item.properties['Paper'] = Gold",
    "item.properties['Weight'] = nothing",
  ]);
  assertEquals(read("item.properties['Weight'] == 'x'"), ["item.properties['Weight'] = nothing"]);
});

Deno.test("valuesRead() keeps few values, and little of each", () => {
  const items = Array.from({ length: 1000 }, (_, index) => ({ ...CONTEXT.item, quantity: index }));
  const context = { order: { ...CONTEXT.order, note: "n".repeat(5000), items }, item: {} };
  assertEquals(read("order.items.all(i, i.quantity >= 0)", context).length, 20);
  assert((read("order.note == ''", context)[0]?.length ?? 0) < 200);
});

Deno.test("evidenceOf() finds nothing where the document cannot be read, or the rule", () => {
  const sight = {
    vocabulary: SHOP,
    subjectsOf(document: unknown) {
      if (document === undefined) throw new TypeError("nothing there");
      return [{ context: CONTEXT }];
    },
  };
  const decision = { rule: null, outcome: null, tried: 3, failures: [] };
  const rules = [
    { name: "old" },
    { name: "gone", when: "order.gone == 1" },
    { name: "total", when: "order.total > 5" },
  ];
  assertEquals(evidenceOf(sight, undefined, rules, [decision]), [new Map()]);
  assertEquals(evidenceOf(sight, {}, rules, [decision]), [
    new Map([["total", [{ path: "order.total", value: 100.1 }]]]),
  ]);
  assertEquals(evidenceOf(sight, {}, rules, [{ ...decision, tried: 2 }]), [new Map()]);
});

Deno.test("evidenceOf() tells of each subject what was read of it, by the zone of then", () => {
  const one = { ...CONTEXT, item: { ...CONTEXT.item, id: "1" } };
  const two = { ...CONTEXT, item: { ...CONTEXT.item, id: "2" } };
  const sight = {
    vocabulary: SHOP,
    subjectsOf: () => [{ subject: "1", context: one }, { subject: "2", context: two }],
  };
  const decision = { rule: null, outcome: null, tried: 1, failures: [], timeZone: "Asia/Tokyo" };
  const rules = [{
    name: "id",
    when: "timestamp('2026-01-01T00:00:00') == timestamp('2025-12-31T15:00:00Z') && item.id == 'x'",
  }];
  const found = evidenceOf(sight, {}, rules, [
    { ...decision, subject: "2" },
    { ...decision, subject: "1" },
    { ...decision, subject: "3" },
  ]);
  assertEquals(found.map((evidence) => evidence.get("id")?.[0]?.value), ["2", "1", undefined]);
});
