import { assert, assertEquals, assertThrows } from "@std/assert";
import { createEvaluationCache } from "../../../../lib/rules/cel/evaluation.ts";
import { compileRules, decide } from "../../../../lib/rules/rules.ts";
import { compiled, SHOP } from "../shop.ts";
import { atOnce } from "../../../../lib/util/waiting.ts";

function itemsOf(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: String(index),
    name: `Item ${index}`,
    quantity: index,
    total: index,
    properties: new Map<string, string>(),
    shipTo: { city: "", stateCode: "" },
  }));
}

const SLOW = [
  "order.items.exists(a, order.items.exists(b, a.quantity + b.quantity < 0.0))",
  "order.items.all(a, order.items.all(b, a.quantity + b.quantity >= 0.0))",
  "order.items.exists_one(a, order.items.exists_one(b, a.quantity == b.quantity + 0.5))",
  "order.items.filter(a, order.items.filter(b, a.id == b.name).size() > 0).size() > 0",
  "order.items.map(a, order.items.map(b, a.quantity * b.quantity).sum()).sum() < 0.0",
  "order.items.map(a, order.items.exists(b, a.id == b.name), a.id).size() > 0",
  "order.items.map(a, order.items.map(b, order.items.map(c, a.id + b.id + c.id))).size() < 0",
  "order.items.exists(a, order.items.exists(b, a.id == b.name)) || order.items.size() < 0",
];

for (const when of SLOW) {
  Deno.test(`a rule that takes too long fails by name, and the next one decides: ${when}`, () => {
    const rules = atOnce(compileRules(
      SHOP,
      [
        { name: "slow", when, then: { group: 1 } },
        { name: "quick", when: "order.total > 5", then: { group: 2 } },
      ],
      () => {},
    ));
    const order = { total: 6, items: itemsOf(3000) };
    const startedAt = performance.now();
    const { rule, failures } = decide(
      rules,
      undefined,
      { order, item: {} },
      createEvaluationCache({ timeLimitMs: 20 }),
    );
    const took = performance.now() - startedAt;
    assertEquals([rule, failures], [
      "quick",
      [{ rule: "slow", reason: "the rules took longer than 20 ms" }],
    ]);
    assert(took < 5000, `took ${took} ms`);
  });
}

Deno.test("the time limit holds for all items of a delivery together", () => {
  const rules = atOnce(compileRules(
    SHOP,
    [{
      name: "slow",
      when: "order.items.exists(a, a.id != item.id && a.name == item.name)",
      then: { group: 1 },
    }, { name: "quick", when: "item.quantity >= 0.0", then: { group: 2 } }],
    () => {},
  ));
  const items = itemsOf(3000);
  const order = { items };
  const cache = createEvaluationCache({ timeLimitMs: 500 });
  const startedAt = performance.now();
  const decisions = items.map((item) => decide(rules, undefined, { order, item }, cache));
  const took = performance.now() - startedAt;
  assertEquals(new Set(decisions.map(({ rule }) => rule)), new Set(["quick"]));
  assertEquals(decisions.at(-1)?.failures[0]?.rule, "slow");
  assertEquals(decisions[0]?.failures, []);
  assert(took < 10_000, `took ${took} ms`);
});

Deno.test("patterns that take long for long texts end with the time of the delivery", () => {
  // Each of these takes a tenth of a second and more; no rule walks through a list.
  let state = 1;
  const sign = () => "ab"[(state = state * 16807 % 2147483647) % 2];
  const note = Array.from({ length: 200_000 }, sign).join("");
  const patterns = Array.from({ length: 20 }, (_, index) => `^.*a.{${20 + index}}[^ab]$`);
  const rules = atOnce(compileRules(
    SHOP,
    [
      ...patterns.map((pattern, index) => ({
        name: `slow ${index}`,
        when: `order.note.matches('${pattern}')`,
        then: { group: 1 },
      })),
      { name: "quick", when: "order.id.matches('^4711$')", then: { group: 2 } },
    ],
    () => {},
  ));
  const cache = createEvaluationCache({ timeLimitMs: 30 });
  const { rule, failures } = decide(rules, undefined, { order: { id: "4711", note } }, cache);
  assertEquals(rule, "quick");
  // The one in which the time ends goes on to its end, and perhaps the one before it.
  assert(failures.length >= patterns.length - 2, `${failures.length} were not begun`);
  assertEquals(failures.at(-1)?.reason, "the rules took longer than 30 ms");
});

Deno.test("a rule whose result does not depend on what took too long has that result", () => {
  const cache = createEvaluationCache({ timeLimitMs: 10 });
  const context = { order: { total: 6, items: itemsOf(3000) }, item: {} };
  assertEquals(compiled(`${SLOW[0]} || order.total > 5`).test(context, cache), true);
});

Deno.test("text and lists that rules make have a largest size", () => {
  const order = { id: "x".repeat(1000), note: "1".repeat(5000), items: itemsOf(10) };
  const double = (value: string) => {
    const names = Array.from({ length: 18 }, (_, index) => `v${index}`);
    return names.reduceRight(
      (inside, name, index) => {
        const before = index === 0 ? value : names[index - 1];
        return `cel.bind(${name}, ${before} + ${before}, ${inside})`;
      },
      "v17.size() > 0",
    );
  };
  const failing: readonly (readonly [when: string, reason: string])[] = [
    [double("order.id"), "the text becomes too long"],
    [double("[1, 2, 3] + order.items.map(i, 1)"), "the list becomes too long"],
    [double("bytes(order.id)"), "the text becomes too long"],
    ["duration(order.note) > duration('1s')", 'cannot read "11111'],
  ];
  for (const [when, reason] of failing) {
    const startedAt = performance.now();
    assertThrows(() => compiled(when).test({ order, item: {} }), Error, reason);
    assert(performance.now() - startedAt < 5000, when.slice(0, 40));
  }
});
