import { assertEquals } from "@std/assert";
import expected from "../../fixtures/ustore-manufacturer.answer.json" with { type: "json" };
import { edit, MANUFACTURER, orderOf } from "./documents.ts";
import { ask, mistakesOf, open, resultOf, shapeErrorOf } from "./open.ts";

const KIND = "ustore.manufacturer";
const FIRST = "Order/OrderProducts/OrderProduct/0";

function decidedBy(then: object, document: unknown = MANUFACTURER) {
  const manufacturers = { hanover: 2, dallas: "1", "44": 5 };
  return resultOf(KIND, { manufacturers, otherwise: then }, document);
}

function asked(text: unknown, document = orderOf([{ "@id": "a" }, { "@id": "b" }])) {
  return decidedBy(
    { customConfiguration: true },
    edit(document, { "Order/CustomConfiguration": text }),
  );
}

function unassigned(items: string) {
  return { code: "unassigned_items", params: { items } };
}

Deno.test("ustore.manufacturer answers the vendor's order as the vendor does", async () => {
  assertEquals(
    await decidedBy({ customConfiguration: true }),
    JSON.stringify(expected),
  );
});

Deno.test("ustore.manufacturer assigns by name, by id and by digits", async () => {
  assertEquals(await decidedBy({ manufacturer: "hanover" }), '{"3087":"2","3088":"2"}');
  assertEquals(await decidedBy({ manufacturer: "dallas" }), '{"3087":"1","3088":"1"}');
  assertEquals(await decidedBy({ manufacturer: 3 }), '{"3087":"3","3088":"3"}');
  assertEquals(await decidedBy({ manufacturer: "003" }), '{"3087":"3","3088":"3"}');
  // A name that looks like an id is a name.
  assertEquals(await decidedBy({ manufacturer: "44" }), '{"3087":"5","3088":"5"}');
});

Deno.test("ustore.manufacturer leaves out what is kept", async () => {
  assertEquals(await decidedBy({ keep: true }), "{}");
  const rules = [{ name: "b", when: "item.position == 1", then: { keep: true } }];
  const settings = { rules, otherwise: { manufacturer: 4 } };
  assertEquals(await resultOf(KIND, settings, MANUFACTURER), '{"3088":"4"}');
});

Deno.test("ustore.manufacturer decides every item by itself and tells why", async () => {
  const endpoint = await open(KIND, {
    manufacturers: { hanover: 2 },
    rules: [
      {
        name: "by base",
        when: "has(item.properties.prop2) && item.product.id == '240'",
        then: { manufacturer: "hanover" },
      },
      { name: "weight", when: "item.properties.Weight == '5'", then: { manufacturer: 9 } },
    ],
    otherwise: { customConfiguration: true },
  });
  assertEquals(await ask(endpoint, MANUFACTURER), {
    result: '{"3087":"2","3088":"1"}',
    decisions: [
      {
        subject: "3087",
        rule: "by base",
        outcome: { manufacturer: "hanover" },
        tried: 1,
        failures: [],
      },
      {
        subject: "3088",
        rule: "otherwise",
        outcome: { customConfiguration: true },
        tried: 2,
        failures: [{ rule: "weight", reason: 'there is no "Weight"' }],
      },
    ],
  });
});

Deno.test("ustore.manufacturer refuses the order when one item is refused", async () => {
  const rules = [{ name: "no", when: "item.id == '3088'", then: { reject: { en: "No" } } }];
  const endpoint = await open(KIND, { rules, otherwise: { manufacturer: 1 } });
  const decided = { failures: [], tried: 1 };
  assertEquals(await ask(endpoint, MANUFACTURER), {
    result: { code: "refused", params: {}, messages: { en: "No" } },
    decisions: [
      { subject: "3087", rule: "otherwise", outcome: { manufacturer: 1 }, ...decided },
      { subject: "3088", rule: "no", outcome: { reject: { en: "No" } }, ...decided },
    ],
  });
  assertEquals(await decidedBy({ reject: "No" }), { code: "refused", params: {}, messages: "No" });
});

Deno.test("ustore.manufacturer names the items that nothing assigns", async () => {
  const rules = [{ name: "one", when: "item.id == '3087'", then: { manufacturer: 1 } }];
  const named = edit(MANUFACTURER, {
    [`${FIRST}/Product/Name`]: "Cards",
    "Order/OrderProducts/OrderProduct/1/Product/Name": ["x"],
  });
  assertEquals(await resultOf(KIND, { rules }, named), unassigned("3088"));
  assertEquals(await resultOf(KIND, {}, named), unassigned("Cards (3087), 3088"));
  const twice = orderOf([{ "@id": "a" }, { "@id": "a" }]);
  assertEquals(await resultOf(KIND, {}, twice), unassigned("a"));
});

Deno.test("ustore.manufacturer answers once for an id that comes twice", async () => {
  const document = orderOf([{ "@id": "a" }, { "@id": "b" }, { "@id": "a" }]);
  const conflict = { code: "conflicting_items", params: { item: "a" } };
  assertEquals(await asked("1:2;2:1;3:2", document), '{"a":"2","b":"1"}');
  assertEquals(await asked("1:2;2:1;3:3", document), conflict);
  const rules = [{ name: "third", when: "item.position == 3", then: { keep: true } }];
  const settings = { rules, otherwise: { manufacturer: 1 } };
  assertEquals(await resultOf(KIND, settings, document), conflict);
});

Deno.test("ustore.manufacturer has nothing to assign in an order without items", async () => {
  for (const items of [[], { OrderProduct: [] }]) {
    const document = edit(MANUFACTURER, { "Order/OrderProducts": items });
    assertEquals(await decidedBy({ customConfiguration: true }, document), "{}");
  }
});

Deno.test("ustore.manufacturer wants the id of every item", async () => {
  const settings = { otherwise: { manufacturer: 1 } };
  const path = "Order.OrderProducts.OrderProduct[0].@id";
  for (const id of [undefined, null, "", "  ", { "#text": "" }]) {
    const document = edit(MANUFACTURER, { [`${FIRST}/@id`]: id });
    assertEquals(await shapeErrorOf(KIND, settings, document), `${path}: nothing, id`);
  }
  const list = edit(MANUFACTURER, { [`${FIRST}/@id`]: ["3087"] });
  assertEquals(await shapeErrorOf(KIND, settings, list), `${path}: ["3087"], text`);
  for (const item of [{}, { "@creationDate": "" }, { Product: null }]) {
    const single = edit(MANUFACTURER, { "Order/OrderProducts/OrderProduct": item });
    const found = await shapeErrorOf(KIND, settings, single);
    assertEquals(found, "Order.OrderProducts.OrderProduct.@id: nothing, id");
  }
});

Deno.test("ustore.manufacturer keeps the order of the document, whatever the ids", async () => {
  const ids = ["10", "9", "__proto__", "b", "1", "constructor", 'q"', "é", "0"];
  const items = ids.map((id) => ({ "@id": id }));
  assertEquals(
    await decidedBy({ manufacturer: 7 }, orderOf(items)),
    `{${ids.map((id) => `${JSON.stringify(id)}:"7"`).join(",")}}`,
  );
});

Deno.test("ustore.manufacturer takes ids that are numbers", async () => {
  const document = orderOf([{ "@id": 10 }], {
    DeliveryInformation: {
      Deliveries: { ShippingAddress: { StateName: "PA" }, DeliveryItems: { OrderProductID: "10" } },
    },
  });
  const rules = [{
    name: "pa",
    when: "item.shipTo.stateCode == 'PA'",
    then: { manufacturer: 1 },
  }];
  assertEquals(await resultOf(KIND, { rules }, document), '{"10":"1"}');
});

Deno.test("ustore.manufacturer tells which keys are wanted", async () => {
  const settings = { manufacturers: { "": 2 }, otherwise: { reject: { deutsch: "Nein" } } };
  assertEquals(await mistakesOf(KIND, settings), [
    'endpoints[0].manufacturers[""]: found key "", wanted a name',
    'endpoints[0].otherwise.reject.deutsch: found key "deutsch", wanted a language code such as en or de-AT',
  ]);
});

Deno.test("ustore.manufacturer reports names and ids that are none", async () => {
  const wanted = 'wanted an id or a name of "manufacturers"';
  const settings = {
    manufacturers: { hanover: 2, big: "2147483648", wrong: "two" },
    rules: [{ name: "a", when: "true", then: { manufacturer: "hannover" } }],
    otherwise: { manufacturer: "9999999999" },
  };
  assertEquals(await mistakesOf(KIND, settings), [
    `endpoints[0].manufacturers.big: found "2147483648", wanted a manufacturer's id`,
    `endpoints[0].manufacturers.wrong: found "two", wanted a manufacturer's id`,
    `endpoints[0].rules[0].then.manufacturer: found "hannover", ${wanted} (Did you mean "hanover"?)`,
    `endpoints[0].otherwise.manufacturer: found "9999999999", ${wanted} (Known names: hanover, big, wrong)`,
  ]);
});
