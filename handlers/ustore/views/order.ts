/**
 * The order document of the approval, manufacturer and tax webhooks, as rules see it.
 *
 * A view reads a field only when it is asked for it: what no rule reads is never judged, and an
 * order of ten thousand items costs what its rules look at.
 */
import { type Address, viewAddress } from "./address.ts";
import { type DeliveryView, viewDelivery } from "./delivery.ts";
import {
  type Element,
  isEmpty,
  misshapen,
  needDecimal,
  readDecimal,
  readElement,
  readMany,
  readText,
} from "./fields.ts";
import { type ItemView, viewItem } from "./item.ts";
import { remember } from "../remember.ts";

/** The shopper. */
export interface UserView {
  readonly id: string;
  readonly externalId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly company: string;
  readonly department: string;
  readonly jobTitle: string;
}

/** An order. Missing text is `""`; a missing price component is 0, a missing total an error. */
export interface OrderView {
  readonly id: string;
  readonly displayId: string;
  /** Local time of the store's server, without a zone, e.g. `2022-11-22T12:47:36.197`. */
  readonly created: string;
  readonly currency: string;
  readonly total: number;
  readonly subtotal: number;
  readonly shipping: number;
  readonly tax: number;
  readonly discount: number;
  /** The shopper's note to the approver. */
  readonly note: string;
  /** The custom configuration string, whichever of its two names the webhook gives it. */
  readonly customConfig: string;
  readonly clearing: { readonly type: string };
  readonly store: { readonly id: string; readonly externalId: string };
  readonly user: UserView;
  readonly billTo: Address;
  readonly items: readonly ItemView[];
  readonly deliveries: readonly DeliveryView[];
}

/**
 * Views a parsed body as an order.
 *
 * @param document The parsed JSON.
 * @returns The order; its fields are read, and judged, when they are asked for.
 * @throws {ShapeError} When the document has no `Order`.
 */
export function viewOrder(document: unknown): OrderView {
  const root = isEmpty(document) ? {} : readElement(document, "the body");
  if (isEmpty(root.Order)) throw misshapen("Order", root.Order, "present");
  const order = readElement(root.Order, "Order");
  const prices = () => readElement(order.Prices, "Order.Prices");
  const deliveries = remember(() => readDeliveries(order));
  const items = remember(() => readItems(order, deliveries));
  return {
    get id() {
      return readText(order["@OrderId"], "Order.@OrderId");
    },
    get displayId() {
      return readText(order["@DisplayOrderId"], "Order.@DisplayOrderId");
    },
    // Spelt so by the product; the right spelling is read too, should it ever be mended.
    get created() {
      return readText(order["@cartCreationdDate"], "Order.@cartCreationdDate") ||
        readText(order["@cartCreationDate"], "Order.@cartCreationDate");
    },
    get currency() {
      return readText(order["@primaryCurrency"], "Order.@primaryCurrency") ||
        readText(readElement(order.Store, "Order.Store").Currency, "Order.Store.Currency");
    },
    get total() {
      return needDecimal(prices().TotalPrice, "Order.Prices.TotalPrice");
    },
    get subtotal() {
      return needDecimal(prices().Subtotal, "Order.Prices.Subtotal");
    },
    get shipping() {
      return readDecimal(prices().ShippingPrice, "Order.Prices.ShippingPrice") ?? 0;
    },
    get tax() {
      return readDecimal(prices().Tax, "Order.Prices.Tax") ?? 0;
    },
    get discount() {
      return readDecimal(prices().CouponDiscount, "Order.Prices.CouponDiscount") ?? 0;
    },
    get note() {
      return readText(order.CustomerNoteToApprover, "Order.CustomerNoteToApprover");
    },
    get customConfig() {
      return readText(order.CustomConfig, "Order.CustomConfig") ||
        readText(order.CustomConfiguration, "Order.CustomConfiguration");
    },
    get clearing() {
      const clearing = readElement(order.Clearing, "Order.Clearing");
      return {
        get type() {
          return readText(clearing["@type"], "Order.Clearing.@type");
        },
      };
    },
    get store() {
      return viewStore(readElement(order.Store, "Order.Store"));
    },
    get user() {
      return viewUser(readElement(order.User, "Order.User"));
    },
    get billTo() {
      const path = "Order.BillingAddress";
      return viewAddress(readElement(order.BillingAddress, path), path);
    },
    get items() {
      return items();
    },
    get deliveries() {
      return deliveries();
    },
  };
}

function viewStore(store: Element): OrderView["store"] {
  return {
    get id() {
      return readText(store["@Id"], "Order.Store.@Id");
    },
    get externalId() {
      return readText(store["@externalId"], "Order.Store.@externalId");
    },
  };
}

function viewUser(user: Element): UserView {
  const text = (name: string) => readText(user[name], `Order.User.${name}`);
  return {
    get id() {
      return text("@UserId");
    },
    get externalId() {
      return text("@externalId");
    },
    get firstName() {
      return text("FirstName");
    },
    get lastName() {
      return text("LastName");
    },
    get email() {
      return text("Email");
    },
    get company() {
      return text("Company");
    },
    get department() {
      return text("Department");
    },
    get jobTitle() {
      return text("JobTitle");
    },
  };
}

/** The approval webhook has `Deliveries`, the manufacturer webhook `DeliveryInformation`. */
function readDeliveries(order: Element): readonly DeliveryView[] {
  const information = readElement(order.DeliveryInformation, "Order.DeliveryInformation");
  return [
    ...readMany(order.Deliveries, "Delivery", "Order.Deliveries"),
    ...readMany(information.Deliveries, "Delivery", "Order.DeliveryInformation.Deliveries"),
  ].map(viewDelivery);
}

function readItems(order: Element, deliveries: () => readonly DeliveryView[]) {
  const deliveryOf = remember(() => deliveriesByItem(deliveries()));
  return readMany(order.OrderProducts, "OrderProduct", "Order.OrderProducts").map(
    (repeated, index) => viewItem(repeated, index + 1, (id) => deliveryOf().get(id)?.shipTo),
  );
}

/** The first delivery that holds an item, for every item. */
function deliveriesByItem(deliveries: readonly DeliveryView[]): ReadonlyMap<string, DeliveryView> {
  const byItem = new Map<string, DeliveryView>();
  for (const delivery of deliveries) {
    for (const id of delivery.itemIds) {
      if (!byItem.has(id)) byItem.set(id, delivery);
    }
  }
  return byItem;
}
