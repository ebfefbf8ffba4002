import { type Address, viewAddress } from "./address.ts";
import {
  type Element,
  readDecimal,
  readElement,
  readMany,
  readText,
  type Repeated,
} from "./fields.ts";

/** One delivery of an order. */
export interface DeliveryView {
  readonly method: string;
  readonly provider: string;
  readonly service: string;
  readonly price: number;
  readonly shipTo: Address;
  /** The ids of the order items in it. */
  readonly itemIds: readonly string[];
}

/**
 * Views a delivery of the order.
 *
 * @param repeated Its element and place. The approval webhook nests `DeliveryItems.DeliveryItem`
 * and says `OrderProductId`; the manufacturer webhook lists `DeliveryItems` and says
 * `OrderProductID` and `DeliveryMethod`.
 */
export function viewDelivery(repeated: Repeated): DeliveryView {
  return new Delivery(repeated);
}

class Delivery implements DeliveryView {
  readonly #element: Element;
  readonly #path: string;

  constructor({ element, path }: Repeated) {
    this.#element = element;
    this.#path = path;
  }

  get method() {
    return this.#text("Method") || this.#text("DeliveryMethod");
  }

  get provider() {
    return this.#text("DeliveryProvider");
  }

  get service() {
    return this.#text("DeliveryService");
  }

  get price() {
    return readDecimal(this.#element.DeliveryPrice, `${this.#path}.DeliveryPrice`) ?? 0;
  }

  get shipTo() {
    const path = `${this.#path}.ShippingAddress`;
    return viewAddress(readElement(this.#element.ShippingAddress, path), path);
  }

  get itemIds() {
    const path = `${this.#path}.DeliveryItems`;
    return readMany(this.#element.DeliveryItems, "DeliveryItem", path).map((item) =>
      readText(item.element.OrderProductId, `${item.path}.OrderProductId`) ||
      readText(item.element.OrderProductID, `${item.path}.OrderProductID`)
    );
  }

  #text(name: string): string {
    return readText(this.#element[name], `${this.#path}.${name}`);
  }
}
