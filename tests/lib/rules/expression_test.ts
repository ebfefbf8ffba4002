import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { compileExpression, MAX_EXPRESSION_LENGTH } from "../../../lib/rules/expression.ts";
import { RuleFailure, ShapeError } from "../../../lib/rules/cel/evaluation.ts";
import { CONTEXT, SHOP, test } from "./shop.ts";

const TRUE = [
  "order.total > 100 && order.total > 100.0 && 100 < order.total",
  "order.total == 100.1 && item.quantity == 250 && 250 == item.quantity && item.quantity != 3",
  "item.quantity in [100, 250] && item.quantity in [250.0] && !(item.quantity in [1, 2])",
  "order.items.size() == 2 && size(order.items) < 2.5 && order.items.size() in [2.0]",
  "item.shipTo.stateCode in ['PA', 'NJ']",
  'item.properties["Paper"] == "Gold" && item.properties.Paper == "Gold"',
  "has(item.properties.Paper) && !has(item.properties.Weight)",
  '"Spot colour" in item.properties && !("Weight" in item.properties)',
  "order.items.exists(i, i.shipTo.stateCode == 'TX')",
  "!order.items.all(i, i.shipTo.stateCode == 'TX')",
  "order.items.exists_one(i, i.quantity == 0)",
  "order.items.filter(i, i.total > 50)[0].name == 'Flyers'",
  "order.items[1].shipTo.city == 'Dallas'",
  "order.items.map(i, i.total).sum() == 100.1",
  "order.items.map(i, i.total).min() == 19.9 && order.items.map(i, i.quantity).max() == 250",
  "order.items.map(i, 1).sum() == 2 && [1, 2, 3].max() == 3.0",
  "order.items.map(i, i.quantity > 0, i.id) == ['1']",
  "item.properties.exists(k, item.properties[k] == 'Gold') && item.properties.all(k, k != '')",
  "item.properties.filter(k, k.startsWith('S')) == ['Spot colour']",
  "item.properties.map(k, k.size()).max() == 11 && [1] + [] == [1]",
  "order.user.email.endsWith('@example.com') && order.user.department.lower() == 'marketing'",
  "'abc'.upper() == 'ABC' && order.id.matches(r'^\\d+$') && '  x '.trim() == 'x'",
  "number(order.id) == 4711 && int(order.id) == 4711 && number(2) == 2.0 && string(1.5) == '1.5'",
  "order.note == '' ? order.total > 1 : order.total / 0 > 1",
  "cel.bind(sum, order.items.map(i, i.total).sum(), sum > 100 && sum / 2 == 50.05)",
  "// a comment\ntrue",
];

for (const source of TRUE) {
  Deno.test(`test() finds true: ${source}`, () => assertEquals(test(source), true));
}

Deno.test("test() computes in decimals", () => {
  for (
    const source of [
      "0.1 + 0.2 == 0.3",
      "order.total + order.shipping == 100.3",
      "order.total - 100 == 0.1",
      "order.total - (order.total - order.shipping) == 0.2",
      "order.total - order.total - order.shipping == -0.2",
      "1.1 * 1.1 == 1.21 && 0.3 / 0.1 == 3 && 12.0 / (2.0 * 3.0) == 2",
      "item.quantity % 100 == 50 && 0.3 % 0.1 == 0 && 5 % 2.0 == 1",
      "2.0 * (1.0 + 2.0) * -1.0 == -6",
      "10 - (3 - 2) == 9 && 12 / (2 * 3) == 2 && order.total - (5 - 3) == 98.1",
      "0.0000000001 * 10.0 == 0.000000001",
      "[0.1, 0.2].exists(x, x + 0.2 == 0.3)",
      "5 / 2 == 2 && 5.0 / 2 == 2.5",
    ]
  ) assertEquals(test(source), true, source);
});

const FAILURES: readonly (readonly [source: string, reason: string])[] = [
  ["order.total / 0 > 1", "division by zero"],
  ["order.total / 0.0 > 1", "division by zero"],
  ["order.total / order.items[1].quantity > 1.0", "division by zero"],
  ["order.items.all(i, i.total / i.quantity > 0)", "division by zero"],
  ["1 / 0 == 1", "division by zero"],
  ["1 % 0 == 1", "division by zero"],
  ["order.total % 0.0 == 0", "division by zero"],
  ["order.total * 1e200 * 1e200 > 1", "number out of range"],
  ["9223372036854775807 + 1 > 0", "number out of range"],
  ["item.properties['Weight'] == 'x'", 'there is no "Weight"'],
  ["item.properties.Weight == 'x'", 'there is no "Weight"'],
  ["order.items[2].id == 'x'", "the list has no element 2 (the first one is 0)"],
  ["order.items[-1].id == 'x'", "the list has no element -1 (the first one is 0)"],
  ["order.note.substring(1) == ''", "the text is too short"],
  [
    "order.id.matches('(' + order.id)",
    'cannot read the pattern "(4711": missing closing ): "(4711"',
  ],
  ["number(order.note) > 1", 'cannot read "" as a number'],
  ["double('inf') > 1.0", 'cannot read "inf" as a number'],
  ["int(order.note) == 0", 'cannot read "" as a number'],
  ["int('1.5') == 1", 'cannot read "1.5" as a whole number'],
  ["order.items.filter(i, false).map(i, i.total).max() > 0", "the list is empty"],
];

for (const [source, reason] of FAILURES) {
  Deno.test(`test() fails with a reason: ${source}`, () => {
    assertEquals(assertThrows(() => test(source), RuleFailure).reason, reason);
  });
}

Deno.test("test() fails when the context has another type than the vocabulary", () => {
  const failure = assertThrows(
    () => test("order.total > 1", { order: { total: "9" } }),
    RuleFailure,
  );
  assertEquals(failure.reason, "field 'total' is not of type number, got text");
  assertThrows(() => test("order.total > 1", { order: { total: null } }), RuleFailure);
  assertThrows(() => test("order.total > 1", { order: {} }), RuleFailure, 'there is no "total"');
  assertThrows(() => test("order.total > 1", {}), RuleFailure);
});

Deno.test("test() reads only what the expression reads, once", () => {
  const read: string[] = [];
  const order = {
    get total() {
      read.push("total");
      return 5;
    },
    get note() {
      read.push("note");
      return "";
    },
    get items() {
      read.push("items");
      return [{
        get quantity() {
          read.push("quantity");
          return 1;
        },
        get total(): number {
          throw new Error("Read what no rule reads");
        },
      }];
    },
  };
  const context = {
    order,
    get item(): never {
      throw new Error("Read what no rule reads");
    },
  };
  assertEquals(test("order.total > 1 || order.note == 'x'", context), true);
  assertEquals(read.splice(0), ["total"]);
  assertEquals(
    test("order.items.exists(i, i.quantity > 0) && order.items[0].quantity < 2", context),
    true,
  );
  assertEquals(read, ["items", "quantity"]);
});

Deno.test("test() takes instances of classes as contexts", () => {
  class Order {
    #total = 7;
    get total() {
      return this.#total;
    }
  }
  assertEquals(test("order.total == 7", { order: new Order() }), true);
});

const BROKEN = {
  order: {
    id: "4711",
    get total(): number {
      throw new ShapeError("Order.Total", '"abc"', "number");
    },
    items: [
      {
        get total(): number {
          throw new ShapeError("Item.Total", "nothing", "present");
        },
      },
      { total: 5 },
    ],
  },
};

for (
  const [source, path] of [
    ["order.total > 5", "Order.Total"],
    ["order.total > 5 || order.id == '4711'", "Order.Total"],
    ["order.total > 5 && order.id == 'x'", "Order.Total"],
    ["order.items.exists(i, i.total > 1)", "Item.Total"],
    ["order.items.all(i, i.total > 100)", "Item.Total"],
    ["has(order.total)", "Order.Total"],
  ] as const
) {
  Deno.test(`test() lets a ShapeError through: ${source}`, () => {
    assertEquals(assertThrows(() => test(source, BROKEN), ShapeError).path, path);
  });
}

Deno.test("test() does not read what comes after the decision", () => {
  assertEquals(test("order.id == '4711' || order.total > 5", BROKEN), true);
});

Deno.test("compileExpression() never throws, whatever the text", () => {
  const word = fc.constantFrom(
    ..."order item . total items [ ] ( ) { } 0 1.5 'x' \" == = && || ! - + / % ? : , in has exists i"
      .split(" "),
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(word, { maxLength: 30 }).map((words) => words.join("")),
    fc.array(word, { maxLength: 30 }).map((words) => words.join(" ")),
    fc.tuple(
      fc.constantFrom("(", "[", "!", "-", "1+", "1.0+", "true||", "order.total*"),
      fc.nat(3000),
    )
      .map(([piece, times]) => `${piece.repeat(times)}true`),
  );
  fc.assert(
    fc.property(texts, (source) => {
      const expression = compileExpression(SHOP, source);
      if ("message" in expression) {
        assertEquals(expression.line >= 1 && expression.column >= 1, true);
        return;
      }
      try {
        assertEquals(typeof expression.test(CONTEXT), "boolean");
      } catch (error) {
        if (!(error instanceof RuleFailure)) throw error;
      }
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("compileExpression() means the same after rewriting, for any whole numbers", () => {
  const leaf = fc.integer({ min: -9, max: 9 }).map((value) => ({
    text: value < 0 ? `(${value}.0)` : `${value}.0`,
    value,
  }));
  const { tree } = fc.letrec<{ tree: { text: string; value: number } }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.tuple(tie("tree"), fc.constantFrom("+", "-", "*"), tie("tree")).map(([a, op, b]) => ({
        text: `(${a.text} ${op} ${b.text})`,
        value: op === "+" ? a.value + b.value : op === "-" ? a.value - b.value : a.value * b.value,
      })),
      tie("tree").map(({ text, value }) => ({ text: `-${text}`, value: -value })),
    ),
  }));
  fc.assert(fc.property(tree, ({ text, value }) => {
    assertEquals(test(`${text} == ${value < 0 ? `-${-value}` : value}`), true, text);
  }));
});

Deno.test("compileExpression() takes a long text up to its limit", () => {
  const source = `order.id in [${Array(1_200).fill("'1234'").join(",")}]`;
  assertEquals(test(source), false);
  const tooLong = compileExpression(SHOP, " ".repeat(MAX_EXPRESSION_LENGTH) + "true");
  assertEquals(tooLong, {
    message: "The expression has 10004 characters, at most 10000 are read",
    line: 1,
    column: 1,
    hint: "Split it into several rules",
  });
});
