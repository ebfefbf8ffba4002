/** What UltraCart's events are called, what they are about, and when they happened. */
import * as z from "zod";
import { readEventTime } from "../../lib/events/event.ts";
import { autoOrder, cart, customer, item } from "./objects.ts";
import { order } from "./order.ts";

/** A kind of object that events carry. */
export interface Kind {
  /** Its word in the event's subject. */
  readonly word: string;
  /** The field with its id. */
  readonly id: string;
  /** What it looks like. */
  readonly schema: z.ZodType;
}

const anything = z.looseObject({});
const orderKind: Kind = { word: "order", id: "order_id", schema: order };
const UNKNOWN_KIND: Kind = { word: "", id: "", schema: anything };

/**
 * By how the names of the events start; of several that fit, the first. Chargebacks and fulfillment
 * events name their order; what else they carry is not documented.
 */
const BY_PREFIX: readonly (readonly [prefix: string, kind: Kind])[] = [
  ["auto_order_", { word: "auto_order", id: "auto_order_oid", schema: autoOrder }],
  ["chargeback_", { ...orderKind, schema: anything }],
  ["checkout_cart_", { word: "cart", id: "cart_id", schema: cart }],
  ["customer_", { word: "customer", id: "customer_profile_oid", schema: customer }],
  ["fulfillment_", orderKind],
  ["item_", { word: "item", id: "merchant_item_id", schema: item }],
  ["order_", orderKind],
  ["user_", { word: "user", id: "user_id", schema: anything }],
  ["workflow_task_", { word: "workflow_task", id: "workflow_task_uuid", schema: anything }],
];

/**
 * Finds what an event is about.
 *
 * @param name The event's name, known or not.
 * @returns The kind; one without a word and an id when the name tells nothing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(kindOf("order_ship_delivered").id, "order_id");
 * assertEquals(kindOf("screen_recording").id, "");
 * ```
 */
export function kindOf(name: string): Kind {
  return BY_PREFIX.find(([prefix]) => name.startsWith(prefix))?.[1] ?? UNKNOWN_KIND;
}

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
