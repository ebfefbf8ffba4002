import { assertEquals, assertThrows } from "@std/assert";
import { compileExpression } from "../../../lib/rules/expression.ts";
import { createVocabulary } from "../../../lib/rules/vocabulary.ts";

Deno.test("createVocabulary() refuses a type that nobody defined", () => {
  for (const type of ["Itm", "list<Itm>", "double", "map<string, number>", "constructor"]) {
    assertThrows(
      () => createVocabulary({ types: { Order: { items: type } }, variables: {} }),
      TypeError,
      "Cannot create vocabulary: unknown type",
    );
  }
});

Deno.test("createVocabulary() takes types that name each other, in any order", () => {
  const vocabulary = createVocabulary({
    types: {
      Order: { items: "list<Item>" },
      Item: { order: "Order", tags: "list<string>", sizes: "list<list<number>>" },
    },
    variables: { order: "Order", tags: "list<string>", limit: "number" },
  });
  const item = { order: {}, tags: ["a"], sizes: [[1], [2, 3]] };
  const order = { items: [item] };
  item.order = order;
  const expression = compileExpression(
    vocabulary,
    "order.items[0].order.items[0].tags == tags && order.items[0].sizes[1].sum() > limit",
  );
  assertEquals("test" in expression && expression.test({ order, tags: ["a"], limit: 4 }), true);
});

Deno.test("createVocabulary() takes variables whose names the language has taken", () => {
  const vocabulary = createVocabulary({
    types: { List: { id: "string", items: "list<Item>" }, Item: { quantity: "number" } },
    variables: { list: "List", type: "string", map: "number" },
  });
  const context = { list: { id: "7", items: [{ quantity: 3 }] }, type: "cart", map: 2 };
  for (
    const source of [
      "list.id == '7' && type == 'cart' && map / 2 == 1.0",
      "list.items.exists(list, list.quantity > map) && has(list.id) && 'list' != type",
      "list.items.map(i, i.quantity * map).sum() == 6",
    ]
  ) {
    const expression = compileExpression(vocabulary, source);
    assertEquals("test" in expression && expression.test(context), true, source);
  }
  assertEquals(compileExpression(vocabulary, "type == 'x' && list.idd == '7'"), {
    message: 'Unknown field "idd" of List',
    line: 1,
    column: 21,
    hint: "Did you mean 'id'?",
  });
  assertEquals(compileExpression(vocabulary, "list == '7'"), {
    message: "Cannot compare List == text",
    line: 1,
    column: 1,
    hint: "Did you mean list.id?",
  });
  assertEquals(compileExpression(vocabulary, "lst.id == '7'"), {
    message: 'Unknown name "lst"',
    line: 1,
    column: 1,
    hint: "Did you mean 'list'?",
  });
});
