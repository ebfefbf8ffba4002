import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { changeList, changeOrder } from "../../../handlers/ustore/change.ts";
import { handlers } from "../../../handlers/mod.ts";
import { viewExport } from "../../../handlers/ustore/cart_list.ts";
import { type Order, OrderView, viewOrder } from "../../../handlers/ustore/order.ts";
import { ElementView } from "../../../handlers/ustore/views.ts";
import { copyDocument, parseFieldPath } from "../../../lib/trials/rule_tests/change_document.ts";

function sampleOf(kind: string): unknown {
  return copyDocument(handlers.find((one) => one.kind === kind)?.sample.request);
}

/** Changes a document by these fields and gives what could not be. */
function change(document: unknown, changes: Readonly<Record<string, unknown>>, by = changeOrder) {
  return Object.entries(changes).flatMap(([name, value]) =>
    by(document, parseFieldPath(name) ?? [], value)?.message ?? []
  );
}

function changed(kind: string, changes: Readonly<Record<string, unknown>>): Order {
  const document = sampleOf(kind);
  assertEquals(change(document, changes), []);
  return viewOrder(document);
}

Deno.test("changeOrder() changes fields wherever the document has them", () => {
  for (const kind of ["ustore.order-approval", "ustore.manufacturer", "ustore.tax"]) {
    const order = changed(kind, {
      "order.total": 612.4,
      "order.currency": "CHF",
      "order.user.email": "ann@vip.example",
      "order.user.department": "Marketing",
      "order.billTo.stateCode": "PA",
      "order.billTo.country": "US",
      "order.store.externalId": "north",
      "order.clearing.type": "CreditCard",
      "order.created": "2026-07-14T09:30",
      "order.items[0].product.type": "DynamicPrint",
      "order.items[0].quantity": 500,
      "order.items[0].properties['Paper type']": "glossy",
      "order.items[0].manufacturer.externalId": "m-1",
      "order.deliveries[0].shipTo.city": "Hanover",
    });
    const [item] = order.items;
    assertEquals(
      [
        order.total,
        order.currency,
        order.user.email,
        order.user.department,
        order.billTo.stateCode,
        order.billTo.country,
        order.store.externalId,
        order.clearing.type,
        order.created,
        item?.product.type,
        item?.quantity,
        item?.properties.get("Paper type"),
        item?.manufacturer.externalId,
        order.deliveries[0]?.shipTo.city,
      ],
      [
        ...[612.4, "CHF", "ann@vip.example", "Marketing", "PA", "US", "north", "CreditCard"],
        ...["2026-07-14T09:30", "DynamicPrint", 500, "glossy", "m-1", "Hanover"],
      ],
      kind,
    );
  }
});

Deno.test("changeOrder() changes every field of the table that says where it stands", () => {
  const document = sampleOf("ustore.order-approval");
  for (const [name, { type, of, places }] of Object.entries(OrderView.fields)) {
    if (of !== undefined || places.length === 0) continue;
    const value = type === "number" ? 7.25 : "text";
    assertEquals(change(document, { [`order.${name}`]: value }), [], name);
    assertEquals(Reflect.get(viewOrder(document), name), value, name);
    assertEquals(change(document, { [`order.${name}`]: type === "number" ? 0 : null }), [], name);
    assertEquals(Reflect.get(viewOrder(document), name), type === "number" ? 0 : "", name);
  }
});

Deno.test("changeOrder() makes items that are not there like the last one, and delivers them", () => {
  for (const kind of ["ustore.order-approval", "ustore.manufacturer"]) {
    const before = viewOrder(sampleOf(kind));
    const count = before.items.length;
    const order = changed(kind, { [`order.items[${count + 1}].quantity`]: 3 });
    const ids = order.items.map(({ id }) => id);
    assertEquals([ids.length, new Set(ids).size], [count + 2, count + 2]);
    assertEquals(order.items.at(-1)?.quantity, 3);
    assertEquals(order.items.at(-1)?.shipTo.city, before.items.at(-1)?.shipTo.city);
  }
});

/** The forms in which a delivery may name its items. */
const DELIVERED: readonly unknown[] = [
  { DeliveryItem: [{ OrderProductId: "1" }, { OrderProductId: "2" }] },
  [{ OrderProductID: "1" }, { OrderProductID: "2" }],
  [{ DeliveryItem: { OrderProductId: 1 } }, { DeliveryItem: { OrderProductId: 2 } }],
];

function sharedDelivery(items: unknown, isList: boolean) {
  const delivery = {
    DeliveryPrice: "5.00",
    ShippingAddress: { City: "Rome", State: "PA", Country: "US" },
    DeliveryItems: items,
  };
  const later = { ...delivery, DeliveryPrice: "1.00", DeliveryItems: { OrderProductId: "1" } };
  return {
    Order: {
      OrderProducts: { OrderProduct: [{ "@id": "1" }, { "@id": "2" }] },
      Deliveries: { Delivery: isList ? [delivery, later] : delivery },
    },
  };
}

Deno.test("changeOrder() changes where one item goes, and not where those go that go with it", () => {
  for (const items of DELIVERED) {
    for (const isList of [false, true]) {
      const document = copyDocument(sharedDelivery(items, isList));
      const changes = {
        "order.items[1].shipTo.stateCode": "NJ",
        "order.items[0].shipTo.stateCode": "NY",
        "order.items[2].shipTo.city": "Ulm",
      };
      assertEquals(change(document, changes), []);
      const { items: all, deliveries } = viewOrder(document);
      assertEquals(all.map(({ shipTo }) => `${shipTo.city} ${shipTo.stateCode}`), [
        ...["Rome NY", "Rome NJ", "Ulm NJ"],
      ]);
      assertEquals(deliveries.length, isList ? 4 : 3);
      const prices = deliveries.map(({ price }) => price).filter((price) => price > 0);
      assertEquals(prices, isList ? [5, 1] : [5]);
      // What is said of all of them parts nobody from the others.
      const together = copyDocument(sharedDelivery(items, false));
      assertEquals(change(together, { "item.shipTo.city": "Bern" }), []);
      assertEquals(viewOrder(together).deliveries.map(({ shipTo }) => shipTo.city), ["Bern"]);
    }
  }
});

Deno.test("changeOrder() changes every item by the name that rules give one", () => {
  const order = changed("ustore.manufacturer", { "item.product.catalogNumber": "LF-1" });
  const numbers = order.items.map(({ product }) => product.catalogNumber);
  assertEquals(new Set(numbers), new Set(["LF-1"]));
});

Deno.test("changeOrder() says what is wrong with a name or a value", () => {
  const document = sampleOf("ustore.order-approval");
  const before = JSON.stringify(document);
  const troubles = change(document, {
    "order.totl": 1,
    "order.total": "much",
    "order.items.quantity": 1,
    "order.items[0].position": 2,
    "order.total.amount": 1,
    "orders.total": 1,
    "order.user": { email: "x" },
    "order.items[5000].quantity": 1,
  });
  assertEquals(troubles.map((one) => one.replace(/, wanted one of (?!it$).*/, "")), [
    'found unknown field "totl"',
    'found "much", wanted a number',
    "found items, which is a list, wanted one of it",
    "found position, which follows from the rest of the document",
    "found total, which has no parts",
    'found unknown field "orders"',
    "found no field",
    "found items[5000], wanted a place below 1000",
  ]);
  assertEquals(JSON.stringify(document), before);
});

Deno.test("changeList() changes an exported list", () => {
  const document = sampleOf("ustore.cart-export");
  const changes = { "list.items[0].quantity": 12, "user.email": "a@b.example", "store.name": "S" };
  assertEquals(change(document, changes, changeList), []);
  const { list, user, store } = viewExport(document);
  assertEquals([list.items[0]?.quantity, user.email, store.name], [12, "a@b.example", "S"]);
  assertEquals(list instanceof ElementView, true);
});

Deno.test("changeOrder() and changeList() change or say why not, whatever is asked of them", () => {
  const name = fc.oneof(
    fc.constantFrom("order", "item", "items", "total", "user", "email", "billTo", "state", "list"),
    fc.constantFrom("deliveries", "shipTo", "properties", "product", "__proto__", "constructor"),
    fc.nat({ max: 3 }),
    fc.string(),
  );
  const kinds = [
    ["ustore.order-approval", changeOrder],
    ["ustore.manufacturer", changeOrder],
    ["ustore.cart-export", changeList],
  ] as const;
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.array(fc.tuple(fc.array(name, { maxLength: 6 }), fc.jsonValue()), { maxLength: 5 }),
      ([kind, by], changes) => {
        const document = sampleOf(kind);
        for (const [path, value] of changes) {
          const trouble = by(document, path, value);
          if (trouble !== undefined) assertEquals(trouble.message === "", false);
        }
        assertEquals(JSON.parse(JSON.stringify(document)) !== null, true);
        assertEquals(Object.hasOwn(Object.prototype, "polluted"), false);
      },
    ),
    { numRuns: 500 },
  );
});
