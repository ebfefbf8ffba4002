/**
 * The schema of a cart, which `checkout_cart_…` events carry. Source: the models `Cart` and
 * `CartItem` of the vendor's SDK documentation.
 */
import * as z from "zod";
import { anyObject, flag, listOf, number, object, text } from "../../lib/events/mismatches.ts";
import { money } from "./parts.ts";

const cartItem = object({
  arbitrary_unit_cost: money,
  attributes: listOf(anyObject),
  auto_order_schedule: text,
  default_image_url: text,
  default_thumbnail_url: text,
  description: text,
  discount: money,
  extended_description: text,
  item_id: text,
  item_oid: number,
  kit: flag,
  kit_component_options: listOf(anyObject),
  manufacturer_suggested_retail_price: money,
  maximum_quantity: number,
  minimum_quantity: number,
  multimedia: listOf(anyObject),
  options: listOf(anyObject),
  phsyical: anyObject, // the vendor's spelling
  position: number,
  preorder: flag,
  quantity: number,
  schedules: listOf(text),
  total_cost: money,
  total_cost_with_discount: money,
  unit_cost: money,
  unit_cost_with_discount: money,
  upsell: flag,
  variations: listOf(anyObject),
  view_url: text,
});

/** A cart. */
export const cart = z.looseObject({
  affiliate: anyObject,
  affiliate_network_pixel_oid: number,
  base_currency_code: text,
  billing: anyObject,
  buysafe: anyObject,
  cart_id: text,
  checkout: anyObject,
  coupons: listOf(anyObject),
  currency_code: text,
  currency_conversion: anyObject,
  customer_profile: anyObject,
  exchange_rate: number,
  gift: anyObject,
  gift_certificate: anyObject,
  items: listOf(cartItem),
  language_iso_code: text,
  logged_in: flag,
  marketing: anyObject,
  merchant_id: text,
  payment: anyObject,
  properties: listOf(anyObject),
  settings: anyObject,
  shipping: anyObject,
  summary: anyObject,
  taxes: anyObject,
  upsell_after: anyObject,
  utms: listOf(anyObject),
});
