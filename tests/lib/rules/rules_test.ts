import { assertEquals, assertThrows } from "@std/assert";
import { compileRules, decide, type Rule } from "../../../lib/rules/rules.ts";
import { ShapeError } from "../../../lib/rules/cel/evaluation.ts";
import { CONTEXT, SHOP } from "./shop.ts";
import { atOnce } from "../../../lib/util/waiting.ts";

type Outcome = { readonly group: number };

function rule(name: string, when: string, group = 1): Rule<Outcome> {
  return { name, when, then: { group } };
}

function compile(...rules: Rule<Outcome>[]) {
  const reported: unknown[] = [];
  const compiled = atOnce(compileRules(SHOP, rules, (...mistake) => reported.push(mistake)));
  return { compiled, reported };
}

function verdictOf(rules: readonly Rule<Outcome>[], otherwise?: Outcome) {
  const { compiled, reported } = compile(...rules);
  assertEquals(reported, []);
  return decide(compiled, otherwise, CONTEXT);
}

Deno.test("decide() takes the first rule that matches and tries no other", () => {
  assertEquals(
    verdictOf([
      rule("huge", "order.total > 1000"),
      rule("large", "order.total > 100", 2),
      rule("any", "true", 3),
    ], { group: 4 }),
    {
      rule: "large",
      outcome: { group: 2 },
      tried: 2,
      failures: [],
    },
  );
});

Deno.test("decide() falls back to otherwise", () => {
  assertEquals(verdictOf([rule("huge", "order.total > 1000")], { group: 4 }), {
    rule: "otherwise",
    outcome: { group: 4 },
    tried: 1,
    failures: [],
  });
});

Deno.test("decide() decides nothing without a match and without otherwise", () => {
  assertEquals(verdictOf([]), { rule: null, outcome: null, tried: 0, failures: [] });
});

Deno.test("decide() takes a failed rule for no match, and says so", () => {
  assertEquals(
    verdictOf([
      rule("ratio", "order.total / order.items[1].quantity > 0"),
      rule("weight", "item.properties.Weight == 'x'"),
      rule("large", "order.total > 100", 2),
    ]),
    {
      rule: "large",
      outcome: { group: 2 },
      tried: 3,
      failures: [
        { rule: "ratio", reason: "division by zero" },
        { rule: "weight", reason: 'there is no "Weight"' },
      ],
    },
  );
});

Deno.test("decide() lets a ShapeError through", () => {
  const { compiled } = compile(rule("large", "order.total > 100"));
  const context = {
    order: {
      get total(): number {
        throw new ShapeError("Order.Total", '"abc"', "number");
      },
    },
  };
  assertThrows(() => decide(compiled, { group: 1 }, context), ShapeError, "Order.Total");
});

Deno.test("compileRules() reports every mistake with the rule's name and the column", () => {
  const { compiled, reported } = compile(
    rule("large", "order.totl > 500"),
    rule("fine", "true"),
    rule("text", "order.rush &&\n order.note > 5"),
  );
  assertEquals(reported, [
    [
      ["rules", 0, "when"],
      'Rule "large", column 7: Unknown field "totl" of Order',
      "Did you mean 'total'?",
    ],
    [
      ["rules", 2, "when"],
      'Rule "text", line 2, column 2: Cannot compare text > whole number',
      "Write number(order.note) to read the number from it",
    ],
  ]);
  assertEquals(compiled.map(({ name }) => name), ["fine"]);
});

Deno.test("compileRules() wants a name of its own for every rule", () => {
  const hint = "Give every rule a name of its own";
  const rules = [
    rule("a", "true"),
    rule("a", "true"),
    rule(" ", "true"),
    rule("otherwise", "true"),
  ];
  assertEquals(compile(...rules).reported, [
    [["rules", 1, "name"], 'Rule "a" has the name of an earlier rule', hint],
    [["rules", 2, "name"], "A rule needs a name", hint],
    [["rules", 3, "name"], 'Rule "otherwise" has the name of the fallback', hint],
  ]);
});
