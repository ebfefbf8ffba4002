import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { APPROVAL, edit, MANUFACTURER, sprinkle } from "./documents.ts";
import { misshapenBy, resultOf } from "./open.ts";
import { APPROVAL_VIEW, MANUFACTURER_VIEW } from "./order_views.ts";
import { readAll } from "./read_all.ts";
import { viewOrder } from "../../../handlers/ustore/order.ts";
import { ORDER_VOCABULARY } from "../../../handlers/ustore/sight.ts";

function read(document: unknown): unknown {
  return readAll(ORDER_VOCABULARY, "Order", viewOrder(document));
}

const NONE = [null, "", " ", undefined];
const ITEMS = "Order/OrderProducts/OrderProduct";
const SENT = "Order/DeliveryInformation/Deliveries";

Deno.test("viewOrder() reads every field of the vendor's documents", () => {
  assertEquals(read(APPROVAL), APPROVAL_VIEW);
  assertEquals(read(MANUFACTURER), MANUFACTURER_VIEW);
});

Deno.test("viewOrder() reads prices with and without attributes, as text or numbers", () => {
  const prices = (value: unknown) => {
    const names = ["Subtotal", "ShippingPrice", "Tax", "CouponDiscount", "TotalPrice"];
    const changes = names.map((name) => [`Order/Prices/${name}`, value]);
    const order = viewOrder(edit(APPROVAL, Object.fromEntries(changes)));
    return [order.subtotal, order.shipping, order.tax, order.discount, order.total];
  };
  for (const value of ["15.3705000000", 15.3705, { "@id": "0", "#text": "15.37050" }]) {
    assertEquals(prices(value), Array(5).fill(15.3705));
  }
  for (const missing of [...NONE, { "@CouponID": "0" }]) {
    const order = viewOrder(edit(APPROVAL, {
      "Order/Prices/ShippingPrice": missing,
      "Order/Prices/Tax": missing,
      "Order/Prices/CouponDiscount": missing,
    }));
    assertEquals([order.shipping, order.tax, order.discount, order.total], [0, 0, 0, 1.2]);
  }
});

Deno.test("viewOrder() reads each field in all of its spellings", () => {
  const created = { "Order/@cartCreationdDate": "", "Order/@cartCreationDate": "2024-01-01T00:00" };
  assertEquals(viewOrder(edit(APPROVAL, created)).created, "2024-01-01T00:00");
  assertEquals(viewOrder(APPROVAL).created, "2022-11-22T12:47:36.197");
  const currency = { "Order/@primaryCurrency": null, "Order/Store/Currency": "EUR" };
  assertEquals(viewOrder(edit(APPROVAL, currency)).currency, "EUR");
  const custom = { "Order/CustomConfig": "", "Order/CustomConfiguration": "1:2" };
  assertEquals(viewOrder(edit(APPROVAL, custom)).customConfig, "1:2");
  const spelt = edit(MANUFACTURER, {
    [`${SENT}/0/DeliveryItems`]: [{ OrderProductId: 3087 }],
    [`${SENT}/1/ShippingAddress`]: { State: "tx", Zip: "1" },
  });
  const items = viewOrder(spelt).items;
  assertEquals(items.map(({ shipTo }) => shipTo.stateCode), ["PA", "TX"]);
});

Deno.test("viewOrder() ships an item with the first delivery that holds it", () => {
  const deliveries = [
    { ShippingAddress: ["wrong"], DeliveryItems: [{ OrderProductID: "1" }] },
    { ShippingAddress: { StateName: "Ohio" }, DeliveryItems: [{ OrderProductID: "3088" }] },
    { ShippingAddress: { StateName: "Utah" }, DeliveryItems: [{ OrderProductID: "3088" }] },
  ];
  const { items } = viewOrder(edit(MANUFACTURER, { [SENT]: deliveries }));
  assertEquals(items.map(({ shipTo }) => shipTo.stateCode), ["", "OH"]);
});

Deno.test("viewOrder() names the place of a wrong type when it is read, and not before", async () => {
  const document = edit(APPROVAL, {
    "Order/Prices/TotalPrice": "abc",
    "Order/Prices/Subtotal": null,
    "Order/Prices/Tax": ["0.2"],
    "Order/User": ["x"],
    "Order/Store/@Id": { a: 1 },
    "Order/Clearing/@type": [],
    "Order/BillingAddress/City": ["x"],
    "Order/Deliveries/Delivery": ["x"],
    "Order/CustomerNoteToApprover": { Note: "x" },
  });
  const order = viewOrder(document);
  assertEquals([order.id, order.currency, order.shipping], ["4068", "USD", 0]);
  const wrong: readonly (readonly [() => unknown, string])[] = [
    [() => order.total, 'Order.Prices.TotalPrice: "abc", number'],
    [() => order.subtotal, "Order.Prices.Subtotal: null, number"],
    [() => order.tax, 'Order.Prices.Tax: ["0.2"], number'],
    [() => order.user, 'Order.User: ["x"], object'],
    [() => order.store.id, 'Order.Store.@Id: {"a":1}, text'],
    [() => order.clearing.type, "Order.Clearing.@type: [], text"],
    [() => order.billTo.city, 'Order.BillingAddress.City: ["x"], text'],
    [() => order.deliveries, 'Order.Deliveries.Delivery[0]: "x", object'],
    [() => order.note, 'Order.CustomerNoteToApprover: {"Note":"x"}, text'],
  ];
  for (const [run, message] of wrong) {
    assertEquals(await misshapenBy(run), message);
  }
});

Deno.test("viewOrder() takes no notice of fields that it does not know", () => {
  const name = fc.string().map((text) => `Unknown${text}`);
  const attribute = fc.string().map((text) => `@unknown${text}`);
  const extra = fc.dictionary(fc.oneof(name, attribute), fc.jsonValue(), { maxKeys: 3 });
  const extras = fc.array(extra, { minLength: 1, maxLength: 50 });
  const bare = {
    "Order/Prices/CouponDiscount": { "@CouponID": "0" },
    "Order/Deliveries/Delivery/0/DeliveryService": { "@id": "6" },
    [`${ITEMS}/0/ProductUnit`]: { "@id": "1" },
  };
  for (const document of [APPROVAL, MANUFACTURER, edit(APPROVAL, bare)]) {
    const view = read(document);
    fc.assert(fc.property(extras, (extras) => {
      assertEquals(read(sprinkle(document, extras)), view);
    }));
  }
});

Deno.test("rules sum money to the cent", async () => {
  const prices = ["15.3705000000", "0.1", 0.2, "1e-1", { "@id": "1", "#text": "0.30" }];
  const items = prices.map((TotalPrice, index) => ({ "@id": index, Prices: { TotalPrice } }));
  const rules = [{
    name: "sum",
    when: "order.items.map(i, i.total).sum() == 16.0705 && order.total * 3 == 46.1115",
    then: { group: 1 },
  }];
  const document = edit(APPROVAL, { [ITEMS]: items, "Order/Prices/TotalPrice": "15.3705000000" });
  assertEquals(
    await resultOf("ustore.order-approval", { rules }, document),
    '{"ApprovalGroupId":1,"IsApprovalNeeded":true}',
  );
});
