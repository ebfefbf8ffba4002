import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { reachOf } from "../../../../lib/rules/reach/unreachable.ts";
import { decide } from "../../../../lib/rules/rules.ts";
import { compiled, SHOP } from "../shop.ts";

function unreachable(...conditions: readonly string[]) {
  const rules = conditions.map((when, index) => ({ name: `r${index}`, when: compiled(when) }));
  return reachOf(SHOP, rules).unreachable.map(({ message }) => message);
}

const DEAD: readonly (readonly [rules: readonly string[], message: string])[] = [
  [
    ["true", "order.total > 500"],
    '"r1" is never reached: rule "r0" (rules[0]) before it matches always',
  ],
  [
    ["order.total > 500", "order.total > 1000"],
    '"r1" is never reached: rule "r0" (rules[0]) before it matches whatever it would match',
  ],
  [["order.total > 5 && order.total < 1"], '"r0" never matches: nothing can meet its condition'],
  [
    ["order.id == 'EUR'", "order.id == 'EUR'"],
    '"r1" is never reached: rule "r0" (rules[0]) before it has the same condition',
  ],
  [["order.id == 'a' && order.id == 'b'"], '"r0" never matches'],
  [["order.id in ['a', 'b'] && !(order.id in ['b', 'a', 'c'])"], '"r0" never matches'],
  [["false"], '"r0" never matches'],
  [["order.rush && !order.rush"], '"r0" never matches'],
  [["order.id in ['a', 'b']", 'order.total > 5 && order.id == "b"'], '"r1" is never reached'],
  [["order.total >= 5.0", "5 < order.total"], '"r1" is never reached'],
  [["order.total > 5 || order.rush", "order.rush && order.id == 'x'"], '"r1" is never reached'],
  [
    ["order.total <= 5", "order.total > 5", "order.rush"],
    '"r2" is never reached: rule "r0" (rules[0]) and rule "r1" (rules[1]) before it match whatever',
  ],
  [["order.rush", "!order.rush", "order.total > 5"], '"r2" is never reached'],
  [["!(order.total > 5 && order.rush)", "!order.rush"], '"r1" is never reached'],
  [
    ["order.note.contains('x')", "order.note.contains('x') && order.total > 5"],
    '"r1" is never reached',
  ],
  [
    ["order.items.size() > 3", "order.items.size() > 5 && order.rush"],
    '"r1" is never reached',
  ],
  [
    ["has(item.properties.Paper)", "item.properties['Paper'] == 'x'"],
    '"r1" is never reached',
  ],
  [["'Paper' in item.properties && !has(item.properties.Paper)"], '"r0" never matches'],
  [["order.total == 5 && order.total != 5.0"], '"r0" never matches'],
  [["order.total > -1 ", "order.total > 0"], '"r1" is never reached'],
  [["order.id < 'b'", "order.id < 'a'"], '"r1" is never reached'],
  [["order.id.startsWith('75')", "order.id == '75001'"], '"r1" is never reached'],
  [["order.id.startsWith('75')", "order.id.startsWith('751')"], '"r1" is never reached'],
  [["order.id >= '2026-01-01' && order.id < '2025'"], '"r0" never matches'],
  [
    ["order.created.hour() > 25"],
    '"r0" never matches: order.created.hour() is never > 25, it is 0 to 23',
  ],
  [
    ["order.created.weekday() == 'Samstag'"],
    '"r0" never matches: order.created.weekday() is never "Samstag", it is Monday, Tuesday',
  ],
  [["order.created.hour() == 24"], "order.created.hour() is never 24, it is 0 to 23"],
  [
    ["order.note.lower() == 'VIP'"],
    '"r0" never matches: order.note.lower() is never "VIP", it is lower case',
  ],
  [["order.note.lower().contains('VIP')"], '"r0" never matches'],
  [["order.created.date() == '24.12.2026'"], "it is a date such as 2026-12-24"],
  [["order.items.size() < 0"], '"r0" never matches'],
  [
    ["order.rush ? order.total > 5 : order.total > 9", "order.rush && order.total > 7"],
    '"r1" is never reached',
  ],
  [["order.rush ? order.total < 5 : order.total > 9", "order.total > 20 && !order.rush"], '"r1"'],
  [["order.total > 5 && (order.total > 4 ? order.total < 2 : order.rush)"], '"r0" never matches'],
  [["25 <= order.created.hour()"], "order.created.hour() is never >= 25, it is 0 to 23"],
];

for (const [rules, message] of DEAD) {
  Deno.test(`reachOf() finds what can't decide: ${rules.join(" | ")}`, () => {
    const found = unreachable(...rules);
    assertEquals(found.length, 1, JSON.stringify(found));
    assert(found[0]?.includes(message), found[0]);
  });
}

Deno.test("reachOf() looks at each part once, however deep results of ? : are nested", () => {
  let nested = "order.rush";
  for (let depth = 0; depth < 45; depth++) nested = `(${nested} ? order.rush : order.total > 5)`;
  assertEquals(unreachable(nested, "order.rush && order.total > 9").length, 1);
});

const ALIVE: readonly (readonly string[])[] = [
  ["order.rush ? order.total > 5 : order.total > 9", "order.total > 7"],
  // Where the condition fails, neither result counts.
  ["number(order.id) > 5 ? true : true", "order.rush"],
  ["order.total > 500", "order.total > 100"],
  ["order.total > 500", "order.total >= 500"],
  ["order.total > 5 && order.rush", "order.total > 5"],
  ["order.id == 'a'", "order.id == 'A'"],
  ["order.total > 5", "order.shipping > 5"],
  // A rule that fails does not match.
  ["item.properties['Paper'] == 'x'", "item.properties['Paper'] != 'x'", "true"],
  ["order.total / order.shipping > 1", "!(order.total / order.shipping > 1)", "order.rush"],
  // A text may be too long for a pattern, and there may be no time to walk through a list.
  ["order.note.matches('x')", "!order.note.matches('x')", "order.rush"],
  ["order.items.exists(i, i.total > 5)", "!order.items.exists(i, i.total > 5)", "order.rush"],
  ["order.total / order.shipping > 1", "order.total / order.shipping <= 1", "order.rush"],
  ["order.items[0].total > 1", "order.items[0].total <= 1", "order.rush"],
  ...["(number(order.id) > 1 ? order.total : 1.0) + 1.0", "-(number(order.id) > 1 ? 2.0 : 1.0)"]
    .map((sum) => [`${sum} > 2.0`, `${sum} <= 2.0`, "order.rush"]),
  ["order.items.exists(i, i.total > 5)", "order.items.exists(i, i.total > 10)"],
  ["number(order.id) > 5", "number(order.id) <= 5", "order.total > 1"],
  ["order.id < 'a'", "order.id < 'b'"],
  ["order.id.startsWith('ab')", "order.id.startsWith('a')"],
  ["order.id >= 'a'", "order.id.startsWith('A')"],
  ["order.created.hour() >= 23", "order.created.hour() < 1"],
  // A time that can't be read makes the rule fail.
  ["order.created.hour() <= 23", "order.rush"],
  ["order.note.lower() == 'a'", "order.note == 'A'"],
];

for (const rules of ALIVE) {
  Deno.test(`reachOf() has nothing to say of: ${rules.join(" | ")}`, () => {
    assertEquals(unreachable(...rules), []);
  });
}

const number = fc.constantFrom("0", "1", "2.5", "5", "10", "-1", "5.0");
const comparison = fc.constantFrom("<", "<=", ">", ">=", "==", "!=");
const numeric = fc.constantFrom(
  "order.total",
  "order.shipping",
  "item.quantity",
  "order.items.size()",
  "order.created.hour()",
  "order.total / order.shipping",
  "number(order.id)",
  "item.total - order.shipping",
  "order.items.size() * 2",
  "(order.rush ? order.total : order.shipping) * 2",
  "(number(order.id) > 1 ? order.total : 1.0) + 1.0",
  "-(order.rush ? order.items[0].total : 1.0)",
  "order.note.size()",
);
const textual = fc.constantFrom(
  "order.id",
  "order.note",
  "item.properties['Paper']",
  "item.properties.Paper",
  "order.note.lower()",
  "order.note.upper()",
  "order.note.trim()",
  "order.created.weekday()",
  "order.items[0].name",
);
const word = fc.constantFrom("'a'", '"a"', "'A'", "''", "'5'", "'x'", "'Friday'", "'aé'");
const atom = fc.oneof(
  fc.tuple(numeric, comparison, number).map((parts) => parts.join(" ")),
  fc.tuple(number, comparison, numeric).map((parts) => parts.join(" ")),
  fc.tuple(textual, fc.constantFrom("==", "!=", "<", "<=", ">", ">="), word).map((parts) =>
    parts.join(" ")
  ),
  fc.tuple(textual, fc.array(word, { minLength: 1, maxLength: 3 }))
    .map(([part, words]) => `${part} in [${words.join(", ")}]`),
  fc.tuple(numeric, fc.array(fc.constantFrom("0", "1", "5", "-1"), { minLength: 1, maxLength: 3 }))
    .map(([part, numbers]) => `${part} in [${numbers.join(", ")}]`),
  fc.constantFrom(
    "order.rush",
    "has(item.properties.Paper)",
    "'Paper' in item.properties",
    "order.note.contains('a')",
    "order.note.startsWith('a')",
    "order.note.startsWith('')",
    "order.id.startsWith('2.')",
    "order.note.lower().contains('A')",
    "order.items.exists(i, i.quantity > 2)",
    "order.note == order.id",
    "order.note.endsWith('a')",
    "order.note.trim().upper() in [order.id, 'A']",
    "order.total > order.shipping",
    "item.properties.size() > 0",
    "order.items[0].total > 1",
    "true",
    "false",
    "(order.rush ? order.total > 1 : order.total > 5)",
    "(number(order.id) > 1 ? order.total > 1 : order.rush)",
  ),
);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    atom,
    tie("condition").map((one) => `!(${one})`),
    fc.tuple(tie("condition"), tie("condition")).map(([a, b]) => `(${a} && ${b})`),
    fc.tuple(tie("condition"), tie("condition")).map(([a, b]) => `(${a} || ${b})`),
    fc.tuple(tie("condition"), tie("condition"), tie("condition"))
      .map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
  ),
}));

const amount = fc.constantFrom(-2, -1, 0, 0.5, 1, 2, 2.5, 4, 5, 6, 10, 11);
const text = fc.constantFrom(
  "",
  "a",
  "A",
  "5",
  "x",
  "2.5",
  "zz",
  " a",
  "aé",
  "\u{1F600}",
  "\uffff",
);
const time = fc.constantFrom(
  "2026-11-27T23:59:00",
  "2026-11-28T05:00:00",
  "2026-01-01",
  "soon",
  "",
);
const item = fc.record({
  id: text,
  name: text,
  quantity: amount,
  total: amount,
  properties: fc.oneof(
    fc.constant(new Map<string, string>()),
    text.map((paper) => new Map([["Paper", paper]])),
  ),
});
const context = fc.record({
  order: fc.record({
    id: text,
    total: amount,
    shipping: amount,
    note: text,
    created: time,
    rush: fc.boolean(),
    items: fc.array(item, { maxLength: 6 }),
  }),
  item,
});

Deno.test("no document proves wrong what reachOf() says", () => {
  let claims = 0;
  fc.assert(
    fc.property(
      fc.array(condition, { minLength: 1, maxLength: 5 }),
      fc.array(context, { minLength: 20, maxLength: 20 }),
      (conditions, contexts) => {
        const rules = conditions.map((when, index) => ({
          ...{ name: `r${index}`, index, then: { index } },
          when: compiled(when),
        }));
        const { unreachable, leavesSome } = reachOf(SHOP, rules);
        const dead = new Set(unreachable.map(({ index }) => index));
        claims += dead.size + (leavesSome ? 0 : 1);
        for (const one of contexts) {
          const { outcome } = decide(rules, undefined, one);
          if (outcome === null) assert(leavesSome, "something was left");
          else assert(!dead.has(outcome.index), `rule ${outcome.index} decided`);
        }
      },
    ),
    { numRuns: 2000 },
  );
  assert(claims > 500, `only ${claims} claims were tested`);
});
