/** The schemas of the seven cart events. Source: the vendor's page "Events - Cart". */
import * as z from "zod";
import { number, object, text } from "../../lib/events/mismatches.ts";
import { cartUpdated } from "./cart_updated.ts";
import type { CartEventType } from "./names.ts";

/** A cart without its contents: it was created, merged into another or closed. */
const cart = z.looseObject({
  currency: text,
  customerId: text,
  id: text,
  metadata: object({ createdAt: text, modifiedAt: text, version: number }),
  siteCode: text,
});

const itemWritten = z.looseObject({
  tenant: text,
  cartId: text,
  itemId: text,
  quantity: number,
  priceId: text,
});

const itemDeleted = z.looseObject({ tenant: text, cartId: text, itemId: text });

/** What each cart event carries. Any field may be missing or `null`. */
export const cartSchemas: Readonly<Record<CartEventType, z.ZodObject>> = {
  "cart.created": cart,
  "cart.updated": cartUpdated,
  "cart.merged": cart,
  "cart.closed": cart,
  "cart.item-added": itemWritten,
  "cart.item-updated": itemWritten,
  "cart.item-deleted": itemDeleted,
};
