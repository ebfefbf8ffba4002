/** What UltraCart's events are about. */
import * as z from "zod";
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
