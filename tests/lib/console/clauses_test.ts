import { assertEquals } from "@std/assert";
import { readClauses } from "../../../lib/console/parts/clauses.ts";

const VALUES = [
  { path: "order.total", value: 612.4 },
  { path: "order.user.department", value: "Marketing" },
  { path: "order.currency", value: "USD" },
];

function wordsOf(when: string): readonly string[] | undefined {
  return readClauses(when, VALUES)?.map(({ words, path, value, limit }) =>
    `${path} ${String(value)} ${words} ${limit}`.trim()
  );
}

Deno.test("readClauses() says in words what is compared, called or listed", () => {
  assertEquals(wordsOf("order.total > 500.0"), ["order.total 612.4 over 500"]);
  assertEquals(wordsOf("order.total>=500.50"), ["order.total 612.4 atLeast 500.50"]);
  assertEquals(wordsOf("order.user.department == 'Marketing'"), [
    "order.user.department Marketing is Marketing",
  ]);
  assertEquals(wordsOf('order.user.department.lower().startsWith("mark")'), [
    "order.user.department Marketing begins mark",
  ]);
  assertEquals(wordsOf("order.currency in ['USD', 'EUR']"), [
    "order.currency USD isOneOf USD, EUR",
  ]);
  assertEquals(wordsOf("order.total > 500.0 && order.currency != 'CHF'"), [
    "order.total 612.4 over 500",
    "order.currency USD isNot CHF",
  ]);
  assertEquals(wordsOf("!order.isVip"), ["order.isVip undefined holdsNot"]);
  assertEquals(wordsOf("order.isVip"), ["order.isVip undefined holds"]);
});

Deno.test("readClauses() leaves to its text what words would not say better", () => {
  for (
    const when of [
      "",
      "true",
      "order.total > 500.0 || order.currency == 'USD'",
      "order.items.exists(item, item.quantity > 5)",
      "order.total > order.subtotal * 2.0",
      "order.currency in currencies",
      "order.note.contains('it\\'s')",
      "(order.total > 5.0)",
      "order.total > 500.0 &&",
    ]
  ) assertEquals(wordsOf(when), undefined, when);
});

Deno.test("readClauses() takes an operator in quotes for text", () => {
  assertEquals(wordsOf("order.currency == 'a && b'"), ["order.currency USD is a && b"]);
});
