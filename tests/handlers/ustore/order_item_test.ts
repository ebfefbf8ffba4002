import { assertEquals } from "@std/assert";
import { misshapenBy } from "./open.ts";
import type { Element } from "../../../handlers/ustore/elements.ts";
import { ItemView, needItemId, OrderView } from "../../../handlers/ustore/order.ts";

function view(element: Element, ships: Readonly<Record<string, string>> = {}) {
  const Deliveries = Object.entries(ships).map(([OrderProductId, State]) => ({
    ShippingAddress: { State },
    DeliveryItems: { DeliveryItem: { OrderProductId } },
  }));
  const order = new OrderView({ Deliveries }, "");
  return new ItemView(element, "I", order);
}

function property(DisplayName: string, Value: unknown) {
  return { Property: { "@id": "1", "@externalId": "", DisplayName }, Value };
}

Deno.test("ItemView maps properties and dials by their display names", () => {
  const paper = property("Paper", "350 g");
  const base = property("Base", { "@id": "1" });
  const many = view({ PropertyValues: { PropertyValue: [paper, base] } });
  assertEquals(many.properties, new Map([["Paper", "350 g"], ["Base", ""]]));
  for (const one of [{ PropertyValue: paper }, { PropertyValue: [paper] }, [paper], paper]) {
    assertEquals(view({ PropertyValues: one }).properties, new Map([["Paper", "350 g"]]));
  }
  const dial = { Dial: { "@id": "1", PlanName: "p", DisplayName: "Count" }, Value: 12 };
  for (const one of [{ DialValue: dial }, { DialValue: [dial] }, [dial], dial]) {
    assertEquals(view({ DialValues: one }).dials, new Map([["Count", "12"]]));
  }
  for (const none of [null, "", undefined, [], {}, { PropertyValue: null, DialValue: "" }]) {
    const item = view({ PropertyValues: none, DialValues: none });
    assertEquals([item.properties, item.dials], [new Map(), new Map()]);
  }
});

Deno.test("ItemView takes the first property of a name that says something", () => {
  const values = [property("A", ""), property("A", "1"), property("A", "2"), property("A", null)];
  const item = view({ PropertyValues: { PropertyValue: values } });
  assertEquals(item.properties, new Map([["A", "1"]]));
  const nasty = view({ PropertyValues: [property("__proto__", "x"), { Property: null }] });
  assertEquals(nasty.properties, new Map([["__proto__", "x"], ["", ""]]));
});

Deno.test("ItemView reads numbers that are strings or numbers", () => {
  for (const [units, total] of [["1200", "15.3705000000"], [1200, 15.3705]]) {
    const item = view({
      Quantities: { TotalUnits: units, NumberOfRecipients: "2", NumberOfCopies: { "#text": "3" } },
      Prices: { TotalPrice: total },
      ProductUnit: { "@id": "1", "#text": "Box" },
    });
    assertEquals([item.quantity, item.recipients, item.copies], [1200, 2, 3]);
    assertEquals([item.total, item.unit], [15.3705, "Box"]);
  }
});

Deno.test("ItemView finds the manufacturer on the item or on its product", () => {
  const read = (element: Element) => {
    const { externalId, name } = view(element).manufacturer;
    return [externalId, name];
  };
  const maker = { "@externalId": "M", Name: "Maker" };
  assertEquals(read({ Manufacturer: maker, Product: { Manufacturer: null } }), ["M", "Maker"]);
  assertEquals(read({ Product: { Manufacturer: maker } }), ["M", "Maker"]);
  assertEquals(read({ Manufacturer: "", Product: { Manufacturer: maker } }), ["M", "Maker"]);
  assertEquals(read({ Product: { Manufacturer: { "@externalId": "" } } }), ["", ""]);
  assertEquals(read({ Product: null }), ["", ""]);
});

Deno.test("ItemView ships to its own delivery, else to the order's, else nowhere", () => {
  const own = { Delivery: [{ ShippingAddress: null }, { ShippingAddress: { State: "NY" } }] };
  assertEquals(view({ "@id": 7, Deliveries: own }, { 7: "PA" }).shipTo.stateCode, "NY");
  const none = { Delivery: { Method: "Void" } };
  assertEquals(view({ "@id": 7, Deliveries: none }, { 7: "PA" }).shipTo.stateCode, "PA");
  assertEquals(view({ "@id": "7" }, { 7: "PA" }).shipTo.stateCode, "PA");
  assertEquals(view({ "@id": "8" }, { 7: "PA" }).shipTo.stateCode, "");
});

Deno.test("ItemView names the place of what it cannot read", async () => {
  const item = view({
    "@id": {},
    Quantities: { TotalUnits: "many", NumberOfCopies: null },
    Prices: "x",
    PropertyValues: { PropertyValue: [property("A", "1"), { Property: "x" }] },
    DialValues: [{ Dial: { DisplayName: ["x"] } }],
    Manufacturer: { Name: [] },
    Deliveries: { Delivery: { ShippingAddress: 5 } },
    Product: 5,
  });
  assertEquals(await misshapenBy(() => item.quantity), 'I.Quantities.TotalUnits: "many", number');
  assertEquals(await misshapenBy(() => item.copies), "I.Quantities.NumberOfCopies: null, number");
  assertEquals(
    await misshapenBy(() => item.recipients),
    "I.Quantities.NumberOfRecipients: nothing, number",
  );
  assertEquals(await misshapenBy(() => item.total), 'I.Prices: "x", object');
  assertEquals(
    await misshapenBy(() => item.properties),
    'I.PropertyValues.PropertyValue[1].Property: "x", object',
  );
  assertEquals(
    await misshapenBy(() => item.dials),
    'I.DialValues[0].Dial.DisplayName: ["x"], text',
  );
  assertEquals(await misshapenBy(() => item.manufacturer.name), "I.Manufacturer.Name: [], text");
  assertEquals(
    await misshapenBy(() => item.shipTo),
    "I.Deliveries.Delivery.ShippingAddress: 5, object",
  );
  assertEquals(await misshapenBy(() => item.product), "I.Product: 5, object");
});

Deno.test("needItemId() wants an id", async () => {
  assertEquals(needItemId(view({ "@id": { "#text": 7 } })), "7");
  assertEquals(await misshapenBy(() => needItemId(view({}))), "I.@id: nothing, id");
});
