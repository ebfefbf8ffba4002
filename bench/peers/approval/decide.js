/** What each peer has in common: the honest minimum of an order-approval webhook. */

/** The key with which requests and answers are signed. */
export const KEY = "measured-with-this-key";

/** Decides by one comparison, and answers as the store wants it. */
export function decide(order) {
  return JSON.stringify({
    ApprovalGroupId: 10065,
    IsApprovalNeeded: Number(order.Order.Prices.TotalPrice) > 500,
  });
}
