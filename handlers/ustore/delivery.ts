import { type Address, viewAddress } from "./address.ts";
import { readDecimal, readElement, readMany, readText, type Repeated } from "./fields.ts";

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
export function viewDelivery({ element, path }: Repeated): DeliveryView {
  const text = (name: string) => readText(element[name], `${path}.${name}`);
  return {
    get method() {
      return text("Method") || text("DeliveryMethod");
    },
    get provider() {
      return text("DeliveryProvider");
    },
    get service() {
      return text("DeliveryService");
    },
    get price() {
      return readDecimal(element.DeliveryPrice, `${path}.DeliveryPrice`) ?? 0;
    },
    get shipTo() {
      const place = `${path}.ShippingAddress`;
      return viewAddress(readElement(element.ShippingAddress, place), place);
    },
    get itemIds() {
      return readMany(element.DeliveryItems, "DeliveryItem", `${path}.DeliveryItems`).map(
        (item) =>
          readText(item.element.OrderProductId, `${item.path}.OrderProductId`) ||
          readText(item.element.OrderProductID, `${item.path}.OrderProductID`),
      );
    },
  };
}
