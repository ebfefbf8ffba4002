/**
 * The order document of the approval, manufacturer and tax webhooks, as rules see it.
 *
 * A view reads a field only when it is asked for it: what no rule reads is never judged, and an
 * order of ten thousand items costs what its rules look at.
 *
 * Views are classes: an object literal with getters keeps its document for long, see
 * docs/architecture.md.
 */
import { type Address, viewAddress } from "./address.ts";
import { type DeliveryView, viewDelivery } from "./delivery.ts";
import {
  type Element,
  isEmpty,
  misshapen,
  needDecimal,
  needMany,
  readDecimal,
  readElement,
  readMany,
  readText,
} from "./fields.ts";
import { type ItemView, viewItem } from "./item.ts";
import {
  type ClearingView,
  type StoreView,
  type UserView,
  viewClearing,
  viewStore,
  viewUser,
} from "./order_parts.ts";
import { remember } from "../remember.ts";

/**
 * An order. Missing text is `""`; a missing price component is 0; missing items and a missing total
 * are errors.
 */
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
  readonly clearing: ClearingView;
  readonly store: StoreView;
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
  return new Order(readElement(root.Order, "Order"));
}

/**
 * Refuses an order of which nothing can be read: to approve it would be to approve anything.
 *
 * @param document The parsed JSON.
 * @param names What an order is made of.
 * @throws {ShapeError} When the order has none of it.
 */
export function needContent(document: unknown, names: readonly string[]): void {
  const order = readElement(readElement(document, "the body").Order, "Order");
  if (names.every((name) => isEmpty(order[name]))) {
    throw misshapen("Order.OrderProducts", order.OrderProducts, "items");
  }
}

class Order implements OrderView {
  readonly #order: Element;
  #deliveries: readonly DeliveryView[] | undefined;
  #items: readonly ItemView[] | undefined;

  constructor(order: Element) {
    this.#order = order;
  }

  get id() {
    return this.#text("@OrderId");
  }

  get displayId() {
    return this.#text("@DisplayOrderId");
  }

  // Spelt so by the product; the right spelling is read too, should it ever be mended.
  get created() {
    return this.#text("@cartCreationdDate") || this.#text("@cartCreationDate");
  }

  get currency() {
    return this.#text("@primaryCurrency") ||
      readText(this.#element("Store").Currency, "Order.Store.Currency");
  }

  get total() {
    return needDecimal(this.#prices.TotalPrice, "Order.Prices.TotalPrice");
  }

  get subtotal() {
    return needDecimal(this.#prices.Subtotal, "Order.Prices.Subtotal");
  }

  get shipping() {
    return readDecimal(this.#prices.ShippingPrice, "Order.Prices.ShippingPrice") ?? 0;
  }

  get tax() {
    return readDecimal(this.#prices.Tax, "Order.Prices.Tax") ?? 0;
  }

  get discount() {
    return readDecimal(this.#prices.CouponDiscount, "Order.Prices.CouponDiscount") ?? 0;
  }

  get note() {
    return this.#text("CustomerNoteToApprover");
  }

  get customConfig() {
    return this.#text("CustomConfig") || this.#text("CustomConfiguration");
  }

  get clearing() {
    return viewClearing({ element: this.#element("Clearing"), path: "Order.Clearing" });
  }

  get store() {
    return viewStore({ element: this.#element("Store"), path: "Order.Store" });
  }

  get user() {
    return viewUser({ element: this.#element("User"), path: "Order.User" });
  }

  get billTo() {
    return viewAddress(this.#element("BillingAddress"), "Order.BillingAddress");
  }

  get items() {
    return this.#items ??= readItems(this.#order, () => this.deliveries);
  }

  get deliveries() {
    return this.#deliveries ??= readDeliveries(this.#order);
  }

  get #prices(): Element {
    return this.#element("Prices");
  }

  #element(name: string): Element {
    return readElement(this.#order[name], `Order.${name}`);
  }

  #text(name: string): string {
    return readText(this.#order[name], `Order.${name}`);
  }
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
  return needMany(order.OrderProducts, "OrderProduct", "Order.OrderProducts").map(
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
