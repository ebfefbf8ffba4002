import { type Address, viewAddress } from "./address.ts";
import { ElementView } from "./element_view.ts";
import { readDecimal, readMany, readText, type Repeated } from "./fields.ts";

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

class Delivery extends ElementView implements DeliveryView {
  get method() {
    return this.text("Method") || this.text("DeliveryMethod");
  }

  get provider() {
    return this.text("DeliveryProvider");
  }

  get service() {
    return this.text("DeliveryService");
  }

  get price() {
    return readDecimal(this.fieldOf("DeliveryPrice"), this.pathOf("DeliveryPrice")) ?? 0;
  }

  get shipTo() {
    const { element, path } = this.child("ShippingAddress");
    return viewAddress(element, path);
  }

  get itemIds() {
    const path = this.pathOf("DeliveryItems");
    return readMany(this.fieldOf("DeliveryItems"), "DeliveryItem", path).map((item) =>
      readText(item.element.OrderProductId, `${item.path}.OrderProductId`) ||
      readText(item.element.OrderProductID, `${item.path}.OrderProductID`)
    );
  }
}
