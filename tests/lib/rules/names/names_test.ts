import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as fc from "fast-check";
import { compileExpression, compileValue } from "../../../../lib/rules/expression.ts";
import { decide, describeRules } from "../../../../lib/rules/rules.ts";
import { CONTEXT } from "../shop.ts";
import { openWorld, type WrittenTable } from "../tables/table_world.ts";

const CUSTOMERS: WrittenTable = {
  csv: "id,group,limit,active,zip\n4711,VIP,500,TRUE,01067\n4712,,,FALSE,10115\n4713,New,0,,\n",
};

function valueOf(source: string, world = openWorld({ tables: { customers: CUSTOMERS } })) {
  const expression = compileValue(world.vocabulary, source);
  return "message" in expression ? expression : expression.read(CONTEXT);
}

Deno.test("a name stands for its expression, also within others, and is written out", () => {
  const { rules, told, warned } = openWorld({
    define: { isLarge: "order.total > 100 || order.rush", isOurs: "isLarge && order.id != ''" },
    rules: [{ name: "ours", when: "!isOurs || isLarge", then: { group: 1 } }],
  });
  assertEquals([told, warned], [[], []]);
  assertEquals(describeRules(rules).rules, [{
    name: "ours",
    when: "!((order.total > 100 || order.rush) && order.id != '') || " +
      "(order.total > 100 || order.rush)",
  }]);
  assertEquals(decide(rules, undefined, CONTEXT).rule, "ours");
});

Deno.test("a name with a comment does not swallow what follows", () => {
  const { rules, told } = openWorld({
    define: { isLarge: "order.total > 100 // euros" },
    rules: [{ name: "a", when: "isLarge && order.rush", then: { group: 1 } }],
  });
  assertEquals(told, []);
  assertEquals(decide(rules, undefined, CONTEXT).rule, null);
});

Deno.test("an element of the same name hides a name of the config", () => {
  const { vocabulary } = openWorld({ define: { i: "order.total > 1000000" } });
  const expression = compileExpression(vocabulary, "order.items.exists(i, i.total > 80) && !i");
  assert("test" in expression);
  assertEquals(
    expression.expanded,
    "order.items.exists(i, i.total > 80) && !(order.total > 1000000)",
  );
  assertEquals(expression.test(CONTEXT), true);
});

const MISTAKEN: readonly (readonly [define: Record<string, string>, told: string])[] = [
  [{ a: "b", b: "c && true", c: "a" }, "define.a: found a circle: a → b → c → a. Write out one"],
  [{ a: "a || true" }, "define.a: found a circle: a → a"],
  [{ order: "true" }, 'define.order: found "order", which means something in rules already'],
  [{ int: "true" }, "which means something"],
  [{ "is vip": "true" }, 'found "is vip", wanted a name. A name has letters'],
  [{ isVip: "order.totl > 5" }, "column 7: Unknown field \"totl\" of Order. Did you mean 'total'?"],
  [{ isVip: "order.total >" }, "The expression ends too early"],
];

for (const [define, message] of MISTAKEN) {
  Deno.test(`createRuleLibrary() tells what is wrong with ${JSON.stringify(define)}`, () => {
    const { told } = openWorld({ define });
    assertEquals(told.length, 1, told.join("\n"));
    assertStringIncludes(told[0] ?? "", message);
  });
}

Deno.test("a rule that uses a name with a mistake says so, and is no riddle", () => {
  const { told } = openWorld({
    define: { isVip: "order.totl > 5" },
    rules: [{ name: "vip", when: "isVip && isVp", then: { group: 1 } }],
  });
  assertStringIncludes(told[0] ?? "", '"isVip" of "define" is of no use here: column 7: Unknown');
  const { told: near } = openWorld({
    define: { isVip: "order.total > 5" },
    rules: [{ name: "vip", when: "isVp", then: { group: 1 } }],
  });
  assertStringIncludes(near[0] ?? "", "Did you mean 'isVip'?");
});

Deno.test("a name that speaks of what an element hides is a mistake", () => {
  const { vocabulary } = openWorld({ define: { isLarge: "order.total > 100" } });
  const mistake = compileExpression(vocabulary, "order.items.exists(order, isLarge)");
  assert("message" in mistake);
  assertStringIncludes(mistake.message, '"isLarge" speaks of order, which is an element here');
});

Deno.test("names that multiply stay within the length of an expression", () => {
  const define = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [
    `n${index}`,
    index === 0 ? "order.total > 5" : `n${index - 1} && n${index - 1} && n${index - 1}`,
  ]));
  const { told } = openWorld({
    define,
    rules: [{ name: "a", when: "n11", then: { group: 1 } }],
  });
  assert(told.some((one) => one.includes("With its names written out")), told.join("\n"));
});

Deno.test("what nothing uses is told: names, also those of unused names, and tables", () => {
  const world = openWorld({
    define: { used: "order.rush", inUse: "used && true", unused: "inner", inner: "order.rush" },
    tables: { customers: CUSTOMERS, vips: CUSTOMERS },
    rules: [
      { name: "a", when: "inUse", then: { group: 1 } },
      { name: "b", when: "lookup('vips', order.id, 'group') == 'VIP'", then: { group: 1 } },
    ],
  });
  assertEquals(world.library.unused().map(({ at, message }) => `${at.join(".")}: ${message}`), [
    "define.unused: found a name that nothing uses",
    "define.inner: found a name that nothing uses",
    "tables.customers: found a table that nothing uses",
  ]);
});

Deno.test("lookup() gives what stands in the row of a key, of the type of the column", () => {
  assertEquals(valueOf("lookup('customers', order.id, 'group')"), "VIP");
  assertEquals(valueOf("lookup('customers', order.id, 'limit') + 0.5"), 500.5);
  assertEquals(valueOf("lookup('customers', order.id, 'active')"), true);
  assertEquals(valueOf("lookup('customers', 4711, 'group')"), "VIP");
  assertEquals(valueOf("lookup('customers', 4711.0, 'zip')"), "01067");
  assertEquals(valueOf("lookup('customers', ' 4711 ', 'group')"), "VIP");
});

Deno.test("lookup() of a row that is not there gives what a missing field is", () => {
  assertEquals(valueOf("lookup('customers', 'nobody', 'group')"), "");
  assertEquals(valueOf("lookup('customers', '4712', 'group')"), "");
  assertEquals(valueOf("lookup('customers', 'nobody', 'active')"), false);
  assertEquals(valueOf("lookup('customers', 'nobody', 'limit', 0)"), 0);
  assertEquals(valueOf("lookup('customers', '4712', 'limit', 99.5)"), 99.5);
  assertEquals(valueOf("lookup('customers', 'nobody', 'group', 'none')"), "none");
  assertEquals(valueOf("lookup('customers', 'nobody', 'active', true)"), true);
  const { rules } = openWorld({
    tables: { customers: CUSTOMERS },
    rules: [{
      name: "over",
      when: "order.total > lookup('customers', order.note, 'limit')",
      then: { group: 1 },
    }],
  });
  const { rule, failures } = decide(rules, undefined, CONTEXT);
  assertEquals([rule, failures], [null, [{
    rule: "over",
    reason: 'customers.csv has no "limit" for ""',
  }]]);
});

const WRONG: readonly (readonly [source: string, message: string, hint: string])[] = [
  ["lookup('custmers', order.id, 'group')", 'There is no table "custmers"', "'customers'"],
  ["lookup('customers', order.id, 'grup')", 'customers.csv has no column "grup"', "'group'"],
  ["lookup('customers', order.id)", "takes a table, a key and a column", "For example"],
  ["lookup(order.id, order.id, 'group')", "The name of the table must stand here", "example"],
  ["lookup('customers', order.id, order.note)", "The name of the column must stand", "example"],
  ["lookup('customers', order.rush, 'group')", "Cannot call lookup(text, true/false, text)", ""],
  ["lookup('customers', order.id, 'group') > 5", "Cannot compare text > whole number", ""],
  ["lookup('customers', order.id, 'limit', 'x') > 5", "Cannot call lookup", "lookup(text, text"],
  ["lookup('rows', order.id, 'group')", 'The table "rows" has inputs', "a key, the column"],
];

for (const [source, message, hint] of WRONG) {
  Deno.test(`compileValue() explains ${source}`, () => {
    const world = openWorld({
      tables: {
        customers: CUSTOMERS,
        rows: { csv: "id,group\n1,2\n", inputs: { id: "order.id" } },
      },
    });
    const mistake = compileValue(world.vocabulary, source);
    assert("message" in mistake, JSON.stringify(mistake));
    assertStringIncludes(mistake.message, message);
    assertStringIncludes(mistake.hint ?? "", hint);
  });
}

Deno.test("lookup() stands in tables, names and lists, and counts as one thing for check", () => {
  const { rules, told, warned } = openWorld({
    define: { group: "lookup('customers', order.id, 'group')" },
    tables: {
      customers: CUSTOMERS,
      plants: { csv: "group,group2,group3\n", inputs: {} },
      approvals: { csv: "kind,group\nVIP,1\n!VIP,2\n", inputs: { kind: "group" } },
    },
    rules: [
      { name: "approvals", table: "approvals" },
      { name: "never", when: "group == 'VIP'", then: { group: 3 } },
    ],
  });
  assertEquals(told, []);
  assertEquals(decide(rules, undefined, CONTEXT).rule, "approvals.csv line 2");
  assertStringIncludes(
    warned.join("\n"),
    'Rule "never" is never reached: line 2 of approvals.csv before it has the same condition',
  );
});

Deno.test("a key that stands twice is told, and a mistake where each is to be unique", () => {
  const csv = "id,group\n1,a\n2,b\n1,c\n";
  const rules = [{
    name: "a",
    when: "lookup('customers', order.id, 'group') == 'a'",
    then: { group: 1 },
  }];
  const first = openWorld({ tables: { customers: { csv } }, rules });
  assertEquals(first.told, []);
  assertStringIncludes(
    first.warned[0] ?? "",
    'line 4, found "1" in the column "id", which line 2 has too',
  );
  const unique = openWorld({ tables: { customers: { csv, hit: "unique" } }, rules });
  assertStringIncludes(unique.told[0] ?? "", "Take one of them out");
  const keyed = openWorld({ tables: { customers: { csv, key: "grop" } }, rules });
  assertStringIncludes(keyed.told[0] ?? "", 'customers.csv has no column "grop". Did you mean');
});

Deno.test("a number that is none makes its column text, and is told", () => {
  const csv = "id;limit;code;word\n1;500;01067;a\n2;1.000;10115;7\n3;20;20095;8\n";
  const world = openWorld({
    tables: { customers: { csv } },
    rules: [{
      name: "a",
      when: "lookup('customers', order.id, 'limit') == '500'",
      then: { group: 1 },
    }],
  });
  assertEquals(world.told, []);
  assertEquals(world.warned, [
    'tables.customers: line 3, column "limit" (cell B3): found "1.000", which can be read in two ' +
    "ways, wanted a number, so the column is text. Write 1000, or 1.0000 where three decimal " +
    "places are meant",
  ]);
});

Deno.test("an expression means the same with its names and without them", () => {
  const atom = fc.constantFrom("order.rush", "(order.total > 100)", "(order.note == '')", "a", "b");
  const condition = fc.array(fc.tuple(atom, fc.constantFrom("&&", "||", "&& !")), {
    minLength: 1,
    maxLength: 5,
  }).map((parts) => parts.map(([one, sign]) => `${one} ${sign}`).join(" ") + " true");
  fc.assert(
    fc.property(condition, fc.boolean(), (when, rush) => {
      const define = { a: "order.rush || order.total > 100", b: "!a && order.id == '4711'" };
      const { vocabulary } = openWorld({ define });
      const named = compileExpression(vocabulary, when);
      const plain = compileExpression(
        vocabulary,
        when.replaceAll(/\bb\b/g, `(!a && order.id == '4711')`)
          .replaceAll(/\ba\b/g, "(order.rush || order.total > 100)"),
      );
      assert("test" in named && "test" in plain);
      const context = { ...CONTEXT, order: { ...CONTEXT.order, rush } };
      assertEquals(named.test(context), plain.test(context));
    }),
    { numRuns: 200 },
  );
});
