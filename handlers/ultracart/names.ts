/** The names of UltraCart's events. Source: the vendor's API docs and SDKs. */

/** The 43 event names that the vendor documents. */
export const EVENT_NAMES: ReadonlySet<string> = new Set([
  ...["cancel", "create", "decline", "disable", "preshipment", "rebill", "update"]
    .map((what) => `auto_order_${what}`),
  ...["create", "delete", "update"].map((what) => `chargeback_${what}`),
  ...["abandon", "send_return_email"].map((what) => `checkout_cart_${what}`),
  ...["create", "delete", "update"].map((what) => `customer_${what}`),
  ...["hold", "transmit"].map((what) => `fulfillment_${what}`),
  ...["create", "delete", "update"].map((what) => `item_${what}`),
  ...[
    "abandon_recovery",
    "create",
    "delete",
    "payment_failed",
    "payment_process",
    "refund",
    "reject",
    "s3_invoice",
    "s3_packing_slip",
    "ship",
    "ship_delivered",
    "ship_expected",
    "ship_out_for_delivery",
    "stage_change",
    "update",
  ].map((what) => `order_${what}`),
  "screen_recording",
  ...["create", "delete", "login", "update"].map((what) => `user_${what}`),
  ...["create", "delete", "update"].map((what) => `workflow_task_${what}`),
]);
