import { assertEquals } from "@std/assert";
import { edit, MANUFACTURER, orderOf } from "./documents.ts";
import { mistakesOf, resultOf, shapeErrorOf } from "./open.ts";

const KIND = "ustore.manufacturer";

function asked(text: unknown) {
  const document = edit(orderOf([{ "@id": "a" }, { "@id": "b" }]), {
    "Order/CustomConfiguration": text,
  });
  return resultOf(KIND, { otherwise: { customConfiguration: true } }, document);
}

function unassigned(items: string) {
  return { code: "unassigned_items", params: { items } };
}

Deno.test("ustore.manufacturer does as the custom configuration says", async () => {
  assertEquals(await asked("2:1;1:007"), '{"a":"7","b":"1"}');
  assertEquals(await asked(" 1 : 7 ; 2 : 1 ; "), '{"a":"7","b":"1"}');
  assertEquals(await asked("1:7;2:1;3:3;99:4"), '{"a":"7","b":"1"}');
  assertEquals(await asked("1:7;2:1;1:7"), '{"a":"7","b":"1"}');
  assertEquals(await asked("1:7"), unassigned("b"));
  assertEquals(await asked("3:7"), unassigned("a, b"));
});

Deno.test("ustore.manufacturer refuses a custom configuration that it cannot read", async () => {
  const example = "1:2;2:1";
  const texts = ["1", "1:", ":2", "a:2", "1:b", "0:2;1:1;2:1", "1:2;;2:1", "1:2,2:1", "1:2;1:3"];
  for (const value of [...texts, "-1:2", "1:2147483648", "1:2:3", "1.0:2", "true;10065"]) {
    const problem = { code: "unreadable_custom_configuration", params: { value, example } };
    assertEquals(await asked(value), problem, value);
  }
  const empty = { code: "unreadable_custom_configuration", params: { value: "-", example } };
  assertEquals(await asked(null), empty);
  assertEquals(await asked(""), empty);
  assertEquals(await asked(undefined), empty);
});

Deno.test("ustore.manufacturer takes a fallback for items of which the custom configuration says nothing", async () => {
  const order = (text: unknown) =>
    edit(orderOf([{ "@id": "a" }, { "@id": "b" }]), { "Order/CustomConfiguration": text });
  const decided = (otherwise: object, text: unknown) =>
    resultOf(KIND, {
      manufacturers: { hanover: 5 },
      otherwise: { customConfiguration: { otherwise } },
    }, order(text));
  const keep = { keep: true };
  const hanover = { manufacturer: "hanover" };
  for (const none of [null, "", undefined]) {
    assertEquals(await decided(keep, none), "{}");
    assertEquals(await decided(hanover, none), '{"a":"5","b":"5"}');
  }
  assertEquals(await decided(keep, "2:7"), '{"b":"7"}');
  assertEquals(await decided(hanover, "1:7"), '{"a":"7","b":"5"}');
  assertEquals(await decided(keep, "x"), {
    code: "unreadable_custom_configuration",
    params: { value: "x", example: "1:2;2:1" },
  });
  const wrong = { otherwise: { customConfiguration: { otherwise: { manufacturer: "hannover" } } } };
  assertEquals(await mistakesOf(KIND, { manufacturers: { hanover: 5 }, ...wrong }), [
    'endpoints[0].otherwise.customConfiguration.otherwise.manufacturer: found "hannover", ' +
    'wanted an id or a name of "manufacturers" (Did you mean "hanover"?)',
  ]);
});

Deno.test("ustore.manufacturer refuses an order without readable items, and names what is missing", async () => {
  const settings = { otherwise: { keep: true } };
  const found = [
    [undefined, "OrderProducts: nothing, items"],
    [null, "OrderProducts: null, items"],
    ["", 'OrderProducts: "", items'],
    [{}, "OrderProducts: {}, items"],
    [[null], "OrderProducts: [null], items"],
    [[{}], "OrderProducts[0].@id: nothing, id"],
    [5, "OrderProducts: 5, list"],
    [{ OrderProduct: null }, "OrderProducts.OrderProduct: null, items"],
    [{ Item: [{ "@id": "1" }] }, "OrderProducts.@id: nothing, id"],
  ] as const;
  for (const [items, expected] of found) {
    const document = edit(MANUFACTURER, { "Order/OrderProducts": items });
    assertEquals(await shapeErrorOf(KIND, settings, document), `Order.${expected}`);
  }
  assertEquals(await shapeErrorOf(KIND, settings, { Order: {} }), `Order.${found[0][1]}`);
});

Deno.test("ustore.manufacturer reads the custom configuration only for items that need it", async () => {
  const settings = {
    rules: [{ name: "all", when: "item.position > 0", then: { manufacturer: 1 } }],
    otherwise: { customConfiguration: true },
  };
  const document = edit(MANUFACTURER, { "Order/CustomConfiguration": ["1:2"] });
  assertEquals(await resultOf(KIND, settings, document), '{"3087":"1","3088":"1"}');
});
