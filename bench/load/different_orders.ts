import orderApproval from "../../handlers/ustore/samples/order_approval.json" with { type: "json" };

/**
 * Makes orders to approve that differ by their ids alone: a repeat is stored at less cost.
 *
 * @param count How many.
 */
export function differentOrders(count: number): readonly unknown[] {
  return Array.from({ length: count }, (_, index) => ({
    ...orderApproval,
    Order: { ...orderApproval.Order, "@OrderId": `${1_000_000 + index}` },
  }));
}
