/**
 * The order of the approval, manufacturer and tax webhooks: the one table of its fields.
 *
 * Missing text is `""`, a missing price component is 0; missing items and a missing total are
 * errors. Source: the vendor's pages on those webhooks.
 */
import * as z from "zod";
import { type Address, AddressView } from "./address.ts";
import {
  isElement,
  isEmpty,
  lenient,
  misshapen,
  readElement,
  readMany,
  readText,
  type Repeated,
} from "./elements.ts";
import { lazy } from "../../lib/util/memory.ts";
import { decimalSchema, orEmpty, repeatedSchema, scalarSchema } from "./shapes.ts";
import {
  decimalField,
  decimalOrZeroField,
  defineView,
  elementField,
  type ElementView,
  neededRepeatedField,
  oncePerView,
  reading,
  repeatedField,
  textField,
} from "./views.ts";

const ClearingView = defineView("Clearing", { type: textField("@type") });

const StoreView = defineView("Store", {
  id: textField("@Id"),
  externalId: textField("@externalId"),
});

const UserView = defineView("User", {
  id: textField("@UserId"),
  externalId: textField("@externalId"),
  firstName: textField("FirstName"),
  lastName: textField("LastName"),
  email: textField("Email"),
  company: textField("Company"),
  department: textField("Department"),
  jobTitle: textField("JobTitle"),
});

/** The product of an order item. */
export const ProductView = defineView("Product", {
  id: textField("@id"),
  externalId: textField("@externalId"),
  name: textField("Name"),
  catalogNumber: textField("CatalogNumber"),
  type: textField("Type", "E.g. `StaticPrint`, `DynamicPrint`."),
  taxCode: textField("TaxGroup.TaxCode"),
  taxGroup: textField("TaxGroup.Name", "The name of its tax group, e.g. `Regular Tax`."),
});

const ManufacturerView = defineView("Manufacturer", {
  externalId: textField("@externalId"),
  name: textField("Name"),
});

/** One delivery of an order. */
export const DeliveryView = defineView("Delivery", {
  method: textField(["Method", "DeliveryMethod"]),
  provider: textField("DeliveryProvider"),
  service: textField("DeliveryService"),
  price: decimalOrZeroField("DeliveryPrice"),
  shipTo: elementField("ShippingAddress", AddressView),
  itemIds: {
    type: "list<string>",
    places: ["DeliveryItems"],
    shape: () => ({
      DeliveryItems: repeatedSchema(
        "DeliveryItem",
        z.looseObject({ OrderProductId: scalarSchema, OrderProductID: scalarSchema }),
      ),
    }),
    about: "The ids of the order items in it.",
    read: reading("DeliveryItems", readItemIds),
  },
}, { id: "UStoreDelivery" });

type Delivery = InstanceType<typeof DeliveryView>;

const itemId = textField("@id");

/** One order item, an `OrderProduct`. */
export const ItemView = defineView("Item", {
  id: itemId,
  position: {
    type: "number",
    places: [],
    shape: () => ({}),
    about: "Its place in the order, from 1.",
    read: ({ source }) => source.position,
  },
  product: elementField("Product", ProductView),
  quantity: decimalField("Quantities.TotalUnits", "Units in total."),
  recipients: decimalField("Quantities.NumberOfRecipients"),
  copies: decimalField("Quantities.NumberOfCopies"),
  unit: textField("ProductUnit", "The name of the unit, e.g. `Item`."),
  total: decimalField("Prices.TotalPrice"),
  properties: namedField("PropertyValues", "Property", "Values by the property's display name."),
  dials: namedField("DialValues", "Dial", "Values by the dial's display name."),
  manufacturer: elementField(
    // On the item in the manufacturer webhook's document, on the product alone in the approval's.
    ["Manufacturer", "Product.Manufacturer"],
    ManufacturerView,
    "The one that the store has set so far.",
  ),
  shipTo: {
    type: AddressView.typeName,
    of: AddressView,
    places: ["Deliveries"],
    shape: () => ({
      Deliveries: repeatedSchema(
        "Delivery",
        z.looseObject({ ShippingAddress: orEmpty(AddressView.document()) }),
      ),
    }),
    about: "Where the first delivery that holds the item goes.",
    read: oncePerView(readShipTo),
  },
}, { id: "UStoreOrderProduct" });

/** An order item, see {@linkcode ItemView}. */
export type Item = InstanceType<typeof ItemView>;

/** The tax webhook's; beside the order or in it. */
const discountInfo = lazy(() => ({
  Items: repeatedSchema(
    "Item",
    z.looseObject({ OrderProductId: scalarSchema, Discount: decimalSchema }),
  ),
}));

const deliveries = repeatedField(
  // The first in the approval webhook's document, the second in the manufacturer webhook's.
  ["Deliveries", "DeliveryInformation.Deliveries"],
  "Delivery",
  DeliveryView,
);
const readDeliveries = oncePerView(deliveries.read);
const readDeliveriesByItem = oncePerView(deliveriesByItem);
const items = neededRepeatedField("OrderProducts", "OrderProduct", ItemView);

/** An order. */
export const OrderView = defineView("Order", {
  id: textField("@OrderId"),
  displayId: textField("@DisplayOrderId", "The number that shoppers know."),
  created: textField(
    // Spelt so by the product; the right spelling is read too, should it ever be put right.
    ["@cartCreationdDate", "@cartCreationDate"],
    "Local time of the store's server, without a zone, e.g. `2022-11-22T12:47:36.197`.",
  ),
  currency: textField(["@primaryCurrency", "Store.Currency"]),
  total: decimalField("Prices.TotalPrice"),
  subtotal: decimalField("Prices.Subtotal"),
  shipping: decimalOrZeroField("Prices.ShippingPrice"),
  tax: decimalOrZeroField("Prices.Tax"),
  discount: decimalOrZeroField("Prices.CouponDiscount"),
  note: textField("CustomerNoteToApprover", "The shopper's note to the approver."),
  customConfig: textField(
    ["CustomConfig", "CustomConfiguration"],
    "The custom configuration string, whichever of its two names the webhook gives it.",
  ),
  clearing: elementField("Clearing", ClearingView, "How the order is paid."),
  store: elementField("Store", StoreView),
  user: elementField("User", UserView, "The shopper."),
  billTo: elementField("BillingAddress", AddressView),
  items: { ...items, read: oncePerView(items.read) },
  deliveries: { ...deliveries, read: readDeliveries },
}, { beside: () => ({ DiscountInfo: discountInfo() }) });

/** An order, see {@linkcode OrderView}. */
export type Order = InstanceType<typeof OrderView>;

/** The body of the three webhooks, described. */
export const orderDocument = lazy(() =>
  z.looseObject({
    DiscountInfo: orEmpty(z.looseObject(discountInfo())),
    Order: OrderView.document(),
  }).meta({
    id: "UStoreOrder",
    description:
      "The order XML turned into JSON: what Storehook can read of it. A field is judged " +
      "when a rule reads it, and everything else is left alone.",
  })
);

/**
 * Views a parsed body as an order.
 *
 * @param document The parsed JSON.
 * @returns The order; its fields are read, and judged, when they are asked for.
 * @throws {ShapeError} When the document has no `Order`.
 */
export function viewOrder(document: unknown): Order {
  const root = isEmpty(document) ? {} : readElement(document, "the body");
  if (isEmpty(root.Order)) throw misshapen("Order", root.Order, "present");
  return new OrderView(readElement(root.Order, "Order"), "Order");
}

/**
 * Reads the numbers of an order, the one that shoppers know first.
 *
 * @param document The parsed request, of any shape.
 */
export function orderNumbers(document: unknown): readonly string[] {
  return lenient(() => {
    const order = viewOrder(document);
    const numbers = [lenient(() => order.displayId, ""), lenient(() => order.id, "")];
    return numbers.filter((one, index) => one !== "" && numbers.indexOf(one) === index);
  }, []);
}

/**
 * Refuses an order whose items do not stand where they belong: to approve it would be to approve
 * anything. Only an explicit empty list is an order without items.
 *
 * @param order The order.
 * @throws {ShapeError} When they are missing. What they are is judged when a rule reads them.
 */
export function needItems({ element: { OrderProducts: items } }: Order): void {
  const isBelow = isElement(items) && Object.hasOwn(items, "OrderProduct");
  const list = isBelow ? items.OrderProduct : items;
  if (isEmpty(list) || (isElement(list) && Object.keys(list).length === 0)) {
    throw misshapen(`Order.OrderProducts${isBelow ? ".OrderProduct" : ""}`, list, "items");
  }
}

/**
 * The id of an item, which an answer about it needs.
 *
 * @throws {ShapeError} When it has none.
 */
export function needItemId(item: Item): string {
  if (item.id === "") throw misshapen(`${item.path}.@id`, undefined, "id");
  return item.id;
}

function readItemIds(value: unknown, path: string): readonly string[] {
  return readMany(value, "DeliveryItem", path).map((item) =>
    readText(item.element.OrderProductId, `${item.path}.OrderProductId`) ||
    readText(item.element.OrderProductID, `${item.path}.OrderProductID`)
  );
}

/** `PropertyValues.PropertyValue.{Property.DisplayName, Value}`, and the same of dials. */
function namedField(place: string, name: "Property" | "Dial", about: string) {
  const shape = () => {
    const one = z.looseObject({
      [name]: orEmpty(z.looseObject({ DisplayName: scalarSchema })),
      Value: scalarSchema,
    });
    return { [place]: repeatedSchema(`${name}Value`, one) };
  };
  return {
    type: "map<string, string>",
    places: [place],
    shape,
    about,
    read: oncePerView(reading(place, (values, path) => readNamed(values, name, path))),
  };
}

function readNamed(
  values: unknown,
  name: "Property" | "Dial",
  path: string,
): ReadonlyMap<string, string> {
  const named = new Map<string, string>();
  for (const value of readMany(values, `${name}Value`, path)) {
    const label = readElement(value.element[name], `${value.path}.${name}`);
    const key = readText(label.DisplayName, `${value.path}.${name}.DisplayName`);
    const text = readText(value.element.Value, `${value.path}.Value`);
    // Of several with one name the first that says something counts.
    if ((named.get(key) ?? "") === "") named.set(key, text);
  }
  return named;
}

/** The address of the item's own delivery, where the document holds one, else the order's. */
function readShipTo(item: ElementView): Address {
  const own = readOwnAddress(item);
  if (own !== undefined) return new AddressView(own.element, own.path, item);
  const { parent } = item.source;
  const delivery = parent && readDeliveriesByItem(parent).get(itemId.read(item));
  return delivery?.shipTo ?? new AddressView({}, "", item);
}

const readOwnAddress = reading("Deliveries", (deliveries, path): Repeated | undefined => {
  for (const delivery of readMany(deliveries, "Delivery", path)) {
    const place = `${delivery.path}.ShippingAddress`;
    const address = delivery.element.ShippingAddress;
    if (!isEmpty(address)) return { element: readElement(address, place), path: place };
  }
  return undefined;
});

/** The first delivery that holds an item, for every item. */
function deliveriesByItem(order: ElementView): ReadonlyMap<string, Delivery> {
  const byItem = new Map<string, Delivery>();
  for (const delivery of readDeliveries(order)) {
    for (const id of delivery.itemIds) {
      if (!byItem.has(id)) byItem.set(id, delivery);
    }
  }
  return byItem;
}

/**
 * The text by which uStore's own sample applications are steered, without white space around it and
 * without the semicolon that may end it.
 *
 * @param text What `customConfig` of the order says.
 */
export function bareCustomConfig(text: string): string {
  return text.trim().replace(/;$/, "").trimEnd();
}
