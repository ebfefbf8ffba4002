/** The schemas of the seven cart events. Source: the vendor's page "Events - Cart". */
import * as z from "zod";
import {
  anyObject,
  flag,
  integer,
  listOf,
  number,
  object,
  text,
} from "../../lib/events/mismatches.ts";
import type { CartEventType } from "./event_type.ts";

const amount = object({ currency: text, amount: number });

const address = object({
  origin: text,
  siteCode: text,
  legalEntityId: text,
  legalEntityLocationId: text,
  customerAddressId: text,
  contactName: text,
  companyName: text,
  street: text,
  streetNumber: text,
  streetAppendix: text,
  zipCode: text,
  city: text,
  country: text,
  state: text,
  contactPhone: text,
  type: text,
  metadata: object({ mixins: anyObject }),
  mixins: anyObject,
});

const discount = object({
  id: text,
  yrn: text,
  couponYrn: text,
  code: text,
  amount: number,
  currency: text,
  discountRate: number,
  name: text,
  calculationType: text,
  discountCalculationType: text,
  valid: flag,
  discountValidationDetails: object({ message: text, details: listOf(text) }),
  links: listOf(object({ rel: text, title: text, href: text, type: text })),
  discountIndex: integer,
});

const product = object({
  id: text,
  sku: text,
  code: text,
  yrn: text,
  name: text,
  localizedName: anyObject,
  description: text,
  images: listOf(object({ id: text, url: text })),
  metadata: object({ mixins: anyObject }),
  mixins: anyObject,
  vendor: object({ id: text, name: text }),
});

const externalFee = object({
  id: text,
  name: anyObject,
  yrn: text,
  feeType: text,
  feePercentage: number,
  feeAbsolute: amount,
  taxable: flag,
  taxCode: text,
  // The vendor's page says "Number" here, where the fee's own `taxable` is a "Boolean".
  taxValues: listOf(object({ name: text, rate: number, taxable: number, value: amount })),
});

const cartItem = object({
  id: text,
  keepAsSeparateLineItem: flag,
  yrn: text,
  product,
  itemYrn: text,
  type: text,
  quantity: number,
  effectiveQuantity: number,
  unitPrice: object({
    netValue: number,
    grossValue: number,
    taxValue: number,
    taxCode: text,
    taxRate: number,
  }),
  totalTax: number,
  mixins: anyObject,
  externalDiscounts: listOf(object({
    id: text,
    discountType: text,
    value: number,
    includeFees: flag,
    sequence: number,
  })),
  price: object({
    priceId: text,
    priceListId: text,
    yrn: text,
    originalAmount: number,
    effectiveAmount: number,
    currency: text,
    measurementUnit: object({ quantity: number, unitCode: text }),
  }),
  externalFees: listOf(externalFee),
  linePrice: object({ effectiveAmount: number, originalAmount: number, currency: text }),
  lineTax: object({
    name: text,
    rate: number,
    grossValue: number,
    netValue: number,
    quantity: number,
  }),
  itemTaxInfo: listOf(object({
    name: text,
    value: amount,
    rate: number,
    grossValue: number,
    netValue: number,
  })),
});

/** A cart with its contents. */
const cartUpdated = z.looseObject({
  id: text,
  yrn: text,
  restriction: text,
  customerId: text,
  legalEntityId: text,
  status: text,
  orderId: text,
  quoteId: text,
  currency: text,
  deliveryWindow: object({ id: text, slotId: text, deliveryDate: text }),
  type: text,
  countryCode: text,
  addresses: listOf(address),
  channel: object({ name: text, source: text }),
  discounts: listOf(discount),
  externalDiscounts: listOf(object({
    id: text,
    discountType: text,
    value: number,
    discountCalculationType: text,
    sequence: number,
  })),
  sessionId: text,
  siteCode: text,
  items: listOf(cartItem),
  mixins: anyObject,
  metadata: object({ createdAt: text, modifiedAt: text, version: number, mixins: anyObject }),
});

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
