/**
 * The schema of an order. Sources: the sample of the vendor's page on webhooks, and the models
 * `Order…` of its SDK documentation (github.com/UltraCart/rest_api_v2_sdk_javascript, `docs`).
 */
import * as z from "zod";
import { anyObject, flag, listOf, number, object, text } from "../../lib/events/mismatches.ts";
import { customerFields } from "./customer.ts";
import { orderItem } from "./order_item.ts";
import { addressFields, measure, money } from "./parts.ts";

const shipping = object({
  ...addressFields,
  delivery_date: text,
  least_cost_route: flag,
  least_cost_route_shipping_methods: listOf(text),
  lift_gate: flag,
  rma: text,
  ship_on_date: text,
  ship_to_residential: flag,
  shipping_3rd_party_account_number: text,
  shipping_date: text,
  shipping_department_status: text,
  shipping_method: text,
  shipping_method_accounting_code: text,
  special_instructions: text,
  tracking_numbers: listOf(text),
  weight: measure,
});

const creditCard = object({
  card_type: text,
  card_number: text,
  card_number_truncated: flag,
  card_expiration_month: number,
  card_expiration_year: number,
  card_auth_ticket: text,
});

const payment = object({
  check: anyObject,
  credit_card: creditCard,
  echeck: anyObject,
  hold_for_fraud_review: flag,
  insurance: anyObject,
  payment_dts: text,
  payment_method: text,
  payment_method_accounting_code: text,
  payment_method_deposit_to_account: text,
  payment_status: text,
  purchase_order: anyObject,
  rotating_transaction_gateway_code: text,
  surcharge: money,
  surcharge_accounting_code: text,
  surcharge_transaction_fee: number,
  surcharge_transaction_percentage: number,
  test_order: flag,
  transactions: listOf(object({
    transaction_gateway: text,
    transaction_timestamp: text,
    details: listOf(object({ name: text, value: text, type: text })),
    successful: flag,
  })),
});

const summary = object({
  actual_fulfillment: money,
  actual_payment_processing: money,
  actual_shipping: money,
  arbitrary_shipping_handling_total: money,
  other_refunded: money,
  shipping_handling_refunded: money,
  shipping_handling_total: money,
  shipping_handling_total_discount: money,
  subtotal: money,
  subtotal_discount: money,
  subtotal_discount_refunded: money,
  subtotal_refunded: money,
  tax: money,
  tax_refunded: money,
  taxable_subtotal: money,
  taxable_subtotal_discount: money,
  total: money,
  total_refunded: money,
});

const buysafe = object({
  buysafe_shopping_cart_id: text,
  buysafe_bond_available: flag,
  buysafe_bond_free: flag,
  buysafe_bond_wanted: flag,
});

/** An order. */
export const order = z.looseObject({
  affiliates: listOf(anyObject),
  auto_order: anyObject,
  billing: object({ ...addressFields, email: text }),
  buysafe,
  channel_partner: anyObject,
  checkout: object({
    customer_ip_address: text,
    custom_field7: text,
    screen_branding_theme_code: text,
    upsell_path_code: text,
  }),
  coupons: listOf(anyObject),
  creation_dts: text,
  currency_code: text,
  current_stage: text,
  customer_profile: object(customerFields),
  digital_order: anyObject,
  edi: anyObject,
  exchange_rate: number,
  fraud_score: anyObject,
  gift: anyObject,
  gift_certificate: anyObject,
  internal: object({ exported_to_accounting: flag }),
  items: listOf(orderItem),
  language_iso_code: text,
  linked_shipment: anyObject,
  marketing: object({ mailing_list: flag }),
  merchant_id: text,
  order_id: text,
  payment,
  point_of_sale: anyObject,
  properties: listOf(anyObject),
  quote: anyObject,
  refund_dts: text,
  refund_reason: text,
  reject_dts: text,
  reject_reason: text,
  salesforce: anyObject,
  shipping,
  summary,
  tags: listOf(anyObject),
  taxes: object({ tax_rate: number, tax_rate_state: number, tax_rate_city: number }),
  utms: listOf(anyObject),
});
