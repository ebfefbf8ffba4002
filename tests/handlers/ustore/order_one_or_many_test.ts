import { assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "../../../lib/rules/cel/evaluation.ts";
import { APPROVAL, edit, MANUFACTURER } from "./documents.ts";
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

Deno.test("viewOrder() reads one element like a list of one", () => {
  const places: readonly (readonly [unknown, string])[] = [
    [APPROVAL, "Order/Prices/Taxes/Tax"],
    [APPROVAL, "Order/Deliveries/Delivery"],
    [APPROVAL, "Order/Deliveries/Delivery/0/DeliveryItems/DeliveryItem"],
    [APPROVAL, ITEMS],
    [APPROVAL, `${ITEMS}/0/Deliveries/Delivery`],
    [APPROVAL, `${ITEMS}/0/PropertyValues/PropertyValue`],
    [MANUFACTURER, `${SENT}/0/DeliveryItems`],
    [MANUFACTURER, `${ITEMS}/1/PropertyValues/PropertyValue`],
    [edit(MANUFACTURER, { [SENT]: [{ DeliveryItems: [{ OrderProductID: 3088 }] }] }), SENT],
    [edit(MANUFACTURER, { [SENT]: { Delivery: [{ Method: "x" }] } }), `${SENT}/Delivery`],
  ];
  for (const [document, place] of places) {
    const path = place.split("/");
    const list = path.reduce<unknown>((at, name) => Reflect.get(Object(at), name), document);
    if (!Array.isArray(list) || list.length !== 1) throw new TypeError(place);
    assertEquals(read(edit(document, { [place]: list[0] })), read(document), place);
    // Without the name that repeats, where it has one of its own.
    const above = path.at(-1)?.endsWith("s") ? place : path.slice(0, -1).join("/");
    assertEquals(read(edit(document, { [above]: list })), read(document), above);
    assertEquals(read(edit(document, { [above]: list[0] })), read(document), above);
    const padded = edit(document, { [place]: [null, ...list, ""] });
    assertEquals(read(padded), read(document), place);
  }
});

Deno.test("viewOrder() takes an empty list of items, and nothing else for one", () => {
  for (const place of ["OrderProducts", "OrderProducts/OrderProduct"]) {
    const document = edit(APPROVAL, { [`Order/${place}`]: [] });
    assertEquals(read(document), { ...APPROVAL_VIEW, items: [] });
    for (const none of [...NONE, {}, [null], ["", null]]) {
      assertThrows(() => read(edit(APPROVAL, { [`Order/${place}`]: none })), ShapeError);
    }
  }
});

Deno.test("viewOrder() takes null, empty text, a missing element and an empty list alike", () => {
  const { items, deliveries } = APPROVAL_VIEW;
  const places = {
    "Prices/Taxes": { items, deliveries },
    "Deliveries": { items, deliveries: [] },
    "Deliveries/Delivery": { items, deliveries: [] },
  };
  for (const [place, expected] of Object.entries(places)) {
    for (const none of [...NONE, []]) {
      const view = read(edit(APPROVAL, { [`Order/${place}`]: none }));
      assertEquals(view, { ...APPROVAL_VIEW, ...expected }, place);
    }
  }
  const elements = {
    BillingAddress: { billTo: MANUFACTURER_VIEW.billTo },
    Clearing: { clearing: { type: "" } },
    Store: { store: { id: "", externalId: "" } },
    CustomerNoteToApprover: { note: "" },
  };
  for (const [place, expected] of Object.entries(elements)) {
    for (const none of NONE) {
      const view = read(edit(APPROVAL, { [`Order/${place}`]: none }));
      assertEquals(view, { ...APPROVAL_VIEW, ...expected }, place);
    }
  }
});
