import { assertEquals } from "@std/assert";
import { misshapenBy } from "./open.ts";
import { readAll } from "./read_all.ts";
import { DeliveryView } from "../../../handlers/ustore/order.ts";
import type { Element } from "../../../handlers/ustore/elements.ts";
import { ORDER_VOCABULARY } from "../../../handlers/ustore/sight.ts";

function view(element: Element) {
  return new DeliveryView(element, "D");
}

function itemIds(DeliveryItems: unknown): readonly string[] {
  return view({ DeliveryItems }).itemIds;
}

Deno.test("DeliveryView reads the approval webhook's form", () => {
  const delivery = view({
    Method: "Void",
    DeliveryProvider: { "@id": "6", "#text": "Void Delivery" },
    DeliveryService: { "@id": "6" },
    DeliveryPrice: "5.50000",
    ShippingAddress: { City: "Dallas" },
    DeliveryItems: { DeliveryItem: { "@id": "156", OrderProductId: "127" } },
  });
  const address = readAll(ORDER_VOCABULARY, "Address", delivery.shipTo);
  assertEquals(readAll(ORDER_VOCABULARY, "Delivery", delivery), {
    method: "Void",
    provider: "Void Delivery",
    service: "",
    price: 5.5,
    shipTo: address,
    itemIds: ["127"],
  });
  assertEquals(delivery.shipTo.city, "Dallas");
});

Deno.test("DeliveryView reads the manufacturer webhook's form", () => {
  const delivery = view({
    ShippingAddress: { StateName: "Ohio" },
    DeliveryItems: [{ OrderProductID: "1" }, { OrderProductID: 2 }],
    DeliveryMethod: "Shipping",
  });
  assertEquals(delivery.method, "Shipping");
  assertEquals(delivery.provider, "");
  assertEquals(delivery.price, 0);
  assertEquals(delivery.shipTo.stateCode, "OH");
  assertEquals(delivery.itemIds, ["1", "2"]);
});

Deno.test("DeliveryView reads the ids of one item or many, in both spellings", () => {
  for (const name of ["OrderProductId", "OrderProductID"]) {
    const one = { [name]: "1", NumberOfUnits: "1" };
    for (const items of [one, [one], { DeliveryItem: one }, { DeliveryItem: [one] }]) {
      assertEquals(itemIds(items), ["1"]);
    }
    assertEquals(itemIds({ DeliveryItem: [one, { [name]: { "#text": 2 } }] }), ["1", "2"]);
  }
  for (const none of [null, "", undefined, [], { DeliveryItem: null }]) {
    assertEquals(itemIds(none), []);
  }
});

Deno.test("DeliveryView names the place of what it cannot read", async () => {
  const delivery = view({
    Method: [],
    DeliveryPrice: "free",
    ShippingAddress: "here",
    DeliveryItems: { DeliveryItem: [{ OrderProductId: "1" }, { OrderProductId: ["2"] }] },
  });
  assertEquals(await misshapenBy(() => delivery.method), "D.Method: [], text");
  assertEquals(await misshapenBy(() => delivery.price), 'D.DeliveryPrice: "free", number');
  assertEquals(await misshapenBy(() => delivery.shipTo), 'D.ShippingAddress: "here", object');
  assertEquals(
    await misshapenBy(() => delivery.itemIds),
    'D.DeliveryItems.DeliveryItem[1].OrderProductId: ["2"], text',
  );
});
