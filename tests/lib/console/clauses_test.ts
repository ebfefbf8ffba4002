import { assertEquals } from "@std/assert";
import { readClauses } from "../../../lib/console/queries/clauses.ts";

const VALUES = [
  { path: "order.total", value: 612.4 },
  { path: "order.user.department", value: "Marketing" },
  { path: "order.currency", value: "USD" },
  { path: "order.isVip", value: false },
];

function wordsOf(when: string): readonly string[] | undefined {
  return readClauses(when, VALUES)?.map(({ relation, path, value, limit }) =>
    `${path} ${value} ${relation} ${limit}`.trim()
  );
}

Deno.test("readClauses() says in words what is compared, called or listed", () => {
  assertEquals(wordsOf("order.total > 500.0"), ["order.total 612.4 over 500"]);
  assertEquals(wordsOf("order.total>=500.50"), ["order.total 612.4 at least 500.50"]);
  assertEquals(wordsOf("order.user.department == 'Marketing'"), [
    "order.user.department Marketing is Marketing",
  ]);
  assertEquals(wordsOf('order.user.department.lower().startsWith("mark")'), [
    "order.user.department Marketing begins with mark",
  ]);
  assertEquals(wordsOf("order.currency in ['USD', 'EUR']"), [
    "order.currency USD is one of USD, EUR",
  ]);
  assertEquals(wordsOf("order.total > 500.0 && order.currency != 'CHF'"), [
    "order.total 612.4 over 500",
    "order.currency USD is not CHF",
  ]);
  assertEquals(wordsOf("!order.isVip"), ["order.isVip false does not hold"]);
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
      // What it read is not known: a viewer, an erased body.
      "order.subtotal > 5.0",
      "order.isNew",
    ]
  ) assertEquals(wordsOf(when), undefined, when);
});

Deno.test("readClauses() takes an operator in quotes for text", () => {
  assertEquals(wordsOf("order.currency == 'a && b'"), ["order.currency USD is a && b"]);
});
