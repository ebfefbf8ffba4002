import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { compileExpression } from "../../../../lib/rules/expression.ts";
import { createEvaluationCache, RuleFailure } from "../../../../lib/rules/cel/evaluation.ts";
import { createVocabulary } from "../../../../lib/rules/vocabulary.ts";

const TYPES = {
  Item: { id: "string", total: "number", properties: "map<string, string>" },
  Order: { limit: "number", items: "list<Item>" },
};
const VARIABLES = { order: "Order", item: "Item" };
const ONCE = createVocabulary({ types: TYPES, variables: VARIABLES, changing: ["item"] });
const ANEW = createVocabulary({ types: TYPES, variables: VARIABLES });

/** Tests an expression for every item of an order; counts how often a property was looked up. */
function run(source: string, totals: readonly number[], vocabulary = ONCE) {
  let reads = 0;
  // A map is asked each time; other fields are remembered by the cache.
  const items = totals.map((total, index) => {
    const properties = new Map([["total", String(total)]]);
    const get = properties.get.bind(properties);
    properties.get = (key) => (reads++, get(key));
    return { id: String(index), total, properties };
  });
  const expression = compileExpression(vocabulary, source);
  if (!("test" in expression)) throw new Error(expression.message);
  const cache = createEvaluationCache();
  const order = { limit: 5, items };
  const results = order.items.map((item) => {
    try {
      return expression.test({ order, item }, cache);
    } catch (error) {
      if (error instanceof RuleFailure) return error.reason;
      throw error;
    }
  });
  return { results, reads };
}

const TOTALS = [1, 2, 3, 4];

Deno.test("compileExpression() evaluates once what names no changing variable", () => {
  const sum = "order.items.map(i, number(i.properties['total'])).sum()";
  assertEquals(run(`${sum} > 9`, TOTALS), { results: [true, true, true, true], reads: 4 });
  assertEquals(run(`${sum} > 10`, TOTALS), { results: [false, false, false, false], reads: 4 });
  assertEquals(run(`item.total / ${sum} > 0.2`, TOTALS), {
    results: [false, false, true, true],
    reads: 4,
  });
  assertEquals(run(`order.items.exists(i, i.id == item.id && i.total / ${sum} > 0.2)`, TOTALS), {
    results: [false, false, true, true],
    reads: 4,
  });
  assertEquals(run(`item.total / ${sum} > 0.2`, TOTALS, ANEW).reads, 16);
});

Deno.test("compileExpression() evaluates anew what names a changing or a bound variable", () => {
  const rows: readonly (readonly [string, readonly boolean[]])[] = [
    ["item.total > 2", [false, false, true, true]],
    ["order.items.exists(i, i.total == item.total + 1)", [true, true, true, false]],
    ["order.items.exists(item, item.total > 3)", [true, true, true, true]],
    ["item.total > 3 || order.items.exists(item, item.total > 4)", [false, false, false, true]],
    ["order.items.exists(i, order.items.all(j, j.total <= i.total) && i.id == item.id)", [
      false,
      false,
      false,
      true,
    ]],
    ["order.items.filter(i, i.total > 2).exists(i, i.id == item.id)", [false, false, true, true]],
    ["order.items.map(i, i.id) == [item.id] || item.id in order.items.map(i, i.id)", [
      true,
      true,
      true,
      true,
    ]],
    ["has(item.properties.total) && order.limit > item.total + 1", [true, true, true, false]],
  ];
  for (const [source, results] of rows) {
    assertEquals<readonly unknown[]>(run(source, TOTALS).results, results, source);
  }
});

Deno.test("compileExpression() remembers a failure too", () => {
  const failing = "order.items.map(i, i.total / (i.total - i.total)).sum() > 0";
  const failed = TOTALS.map(() => "division by zero");
  assertEquals(run(failing, TOTALS).results, failed);
  assertEquals(run(`item.total > 0 && ${failing}`, TOTALS).results, failed);
  // What the result does not depend on does not matter.
  assertEquals(run(`item.total > 3 || ${failing}`, TOTALS).results, [
    ...failed.slice(1),
    true,
  ]);
  assertEquals(run(`item.total < 9 || ${failing}`, TOTALS).results, TOTALS.map(() => true));
});

Deno.test("compileExpression() lets through what a getter threw, wherever it is evaluated", () => {
  const order = {
    get items(): never {
      throw new TypeError("no list");
    },
  };
  const item = { total: 1 };
  for (
    const source of [
      "order.items.exists(i, i.total > 1)",
      "item.total > 0 || order.items.exists(i, i.total > 1)",
      "item.total > 1 || order.items.exists(i, i.total > 1)",
    ]
  ) {
    const once = compileExpression(ONCE, source);
    const anew = compileExpression(ANEW, source);
    for (const expression of [once, anew]) {
      if (!("test" in expression)) throw new Error(source);
      if (source.includes("> 0")) assertEquals(expression.test({ order, item }), true);
      else assertThrows(() => expression.test({ order, item }), TypeError, "no list");
    }
  }
});

Deno.test("compileExpression() decides the same whether it evaluates once or anew", () => {
  const part = fc.constantFrom(
    "order.items.map(i, i.total).sum()",
    "order.items.filter(i, i.total > item.total).map(i, i.total).sum()",
    "order.items.filter(item, item.total > 2).map(i, i.total).max()",
    "item.total",
    "order.limit",
    "order.items.map(order, order.total).min()",
  );
  const operator = fc.constantFrom("+", "-", "*", "/");
  const source = fc.tuple(part, operator, part, fc.constantFrom("<", ">", "=="), part)
    .map(([a, b, c, d, e]) => `${a} ${b} (${c} - 1) ${d} ${e}`);
  fc.assert(fc.property(source, fc.array(fc.nat({ max: 5 }), { maxLength: 4 }), (text, totals) => {
    assertEquals(run(text, totals).results, run(text, totals, ANEW).results);
  }));
});
