import { isEmpty, readDecimal, readElement, readMany, readText } from "../views/fields.ts";

/**
 * Reads what an order takes off its items.
 *
 * `DiscountInfo` stands beside the order or in it: both are accepted.
 *
 * @param document The parsed body.
 * @returns The discount by the item's id; 0 is left out.
 * @throws {ShapeError} When it has another form.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const items = [{ OrderProductId: 3087, Discount: 0.5 }, { OrderProductId: "3088", Discount: 0 }];
 * assertEquals(readDiscounts({ Order: {}, DiscountInfo: { Items: items } }), new Map([["3087", 0.5]]));
 * ```
 */
export function readDiscounts(document: unknown): ReadonlyMap<string, number> {
  const root = readElement(document, "the body");
  const isBeside = !isEmpty(root.DiscountInfo);
  const path = isBeside ? "DiscountInfo" : "Order.DiscountInfo";
  const order = readElement(root.Order, "Order");
  const info = readElement(isBeside ? root.DiscountInfo : order.DiscountInfo, path);
  const discounts = new Map<string, number>();
  for (const item of readMany(info.Items, "Item", `${path}.Items`)) {
    const id = readText(item.element.OrderProductId, `${item.path}.OrderProductId`);
    const discount = readDecimal(item.element.Discount, `${item.path}.Discount`) ?? 0;
    if (discount !== 0) discounts.set(id, discount);
  }
  return discounts;
}
