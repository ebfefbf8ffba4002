import type { DeliveryFilter } from "../../journal/filter.ts";
import { readSpan, readTexts } from "../records/time_options.ts";
import type { Options } from "../terminal/options.ts";

/**
 * Reads the options that choose deliveries.
 *
 * @param options The command's arguments.
 * @returns The filter.
 */
export function readFilter(options: Options): DeliveryFilter {
  const status = options.text("status");
  const verifiedBy = options.text("verified-by");
  return {
    ...readPlaceAndTime(options),
    ...readTexts(options, ["text", "rule"]),
    ...(status === undefined ? {} : { status: readStatus(status) }),
    ...(verifiedBy === undefined ? {} : { verifiedBy }),
    ...(options.flag("refused") ? { verified: false } : {}),
  };
}

/**
 * Reads the options that choose deliveries by where and when they came.
 *
 * @param options The command's arguments.
 * @returns The filter.
 */
export function readPlaceAndTime(options: Options): DeliveryFilter {
  return { ...readTexts(options, ["endpoint", "kind"]), ...readSpan(options) };
}

/** A status, a range, or hundreds: the table takes nothing else. */
function readStatus(text: string): readonly [from: number, to: number] {
  if (/xx$/i.test(text)) {
    const from = Number(text.slice(0, 1)) * 100;
    return [from, from + 99];
  }
  const [first = text, last = first] = text.split("-");
  return [Number(first), Number(last)];
}
