/** The small objects that recur in UltraCart's. Source: the vendor's SDK documentation. */
import { number, object, text } from "../../lib/events/mismatches.ts";

/** An amount, in the shop's currency and in the buyer's. */
export const money = object({
  value: number,
  localized: number,
  localized_formatted: text,
  currency_code: text,
  exchange_rate: number,
});

/** A weight, or a length: a value with its unit. */
export const measure = object({ value: number, uom: text });

/** The fields of an address, as billing and shipping have them. */
export const addressFields = {
  title: text,
  first_name: text,
  last_name: text,
  company: text,
  address1: text,
  address2: text,
  city: text,
  state_region: text,
  postal_code: text,
  country_code: text,
  day_phone: text,
  evening_phone: text,
};
