/** What UltraCart's events are called, and when they happened. */
import { readEventTime } from "../../lib/events/event.ts";

/** The 43 event names that the vendor documents, in its API docs and SDKs. */
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

/**
 * The field that says when the thing happened, by event name. An object has more times, but the
 * time an order was created is not when it was, say, shipped: events without a field of their own
 * have no time.
 */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  auto_order_cancel: ["canceled_dts"],
  auto_order_disable: ["disabled_dts"],
  customer_create: ["signup_dts"],
  customer_update: ["last_modified_dts"],
  item_create: ["creation_dts"],
  item_update: ["last_modified_dts"],
  order_create: ["creation_dts"],
  order_payment_process: ["payment", "payment_dts"],
  order_refund: ["refund_dts"],
  order_reject: ["reject_dts"],
};

/**
 * Reads when an event happened.
 *
 * @param name The event's name.
 * @param object What it carries.
 * @returns Milliseconds since the epoch; `null` when the object does not say it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const order = { creation_dts: "2016-04-07T14:07:36-04:00" };
 * assertEquals(occurredAt("order_create", order), 1460052456000);
 * assertEquals(occurredAt("order_ship", order), null);
 * ```
 */
export function occurredAt(name: string, object: unknown): number | null {
  if (!Object.hasOwn(FIELDS, name)) return null;
  let value = object;
  for (const field of FIELDS[name] ?? []) {
    if (typeof value !== "object" || value === null) return null;
    value = Reflect.get(value, field);
  }
  return readEventTime(value);
}
