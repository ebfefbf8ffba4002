/**
 * The schema of an auto order. Source: the models `AutoOrder` and `AutoOrderItem` of the vendor's
 * SDK documentation.
 */
import * as z from "zod";
import { anyObject, flag, listOf, number, object, text } from "../../lib/events/mismatches.ts";

const autoOrderItem = object({
  arbitrary_item_id: text,
  arbitrary_percentage_discount: number,
  arbitrary_quantity: number,
  arbitrary_schedule_days: number,
  arbitrary_unit_cost: number,
  arbitrary_unit_cost_remaining_orders: number,
  auto_order_item_oid: number,
  calculated_next_shipment_dts: text,
  first_order_dts: text,
  frequency: text,
  future_schedules: listOf(anyObject),
  last_order_dts: text,
  life_time_value: number,
  next_item_id: text,
  next_preshipment_notice_dts: text,
  next_shipment_dts: text,
  no_order_after_dts: text,
  number_of_rebills: number,
  options: listOf(anyObject),
  original_item_id: text,
  original_quantity: number,
  paused: flag,
  paypal_payer_id: text,
  paypal_recurring_payment_profile_id: text,
  preshipment_notice_sent: flag,
  rebill_value: number,
  remaining_repeat_count: number,
  simple_schedule: anyObject,
});

/** An order that repeats. */
export const autoOrder = z.looseObject({
  add_ons: listOf(anyObject),
  auto_order_code: text,
  auto_order_oid: number,
  cancel_after_next_x_orders: number,
  cancel_downgrade: flag,
  cancel_reason: text,
  cancel_upgrade: flag,
  canceled_by_user: text,
  canceled_dts: text,
  completed: flag,
  credit_card_attempt: number,
  disabled_dts: text,
  enabled: flag,
  failure_reason: text,
  items: listOf(autoOrderItem),
  logs: listOf(anyObject),
  management: anyObject,
  merchant_id: text,
  merged_dts: text,
  merged_into_auto_order_oid: number,
  next_attempt: text,
  original_order: anyObject,
  original_order_id: text,
  override_affiliate_id: number,
  properties: listOf(anyObject),
  rebill_orders: listOf(anyObject),
  rotating_transaction_gateway_code: text,
  status: text,
});
