import type { EventFilter } from "../../journal/events.ts";
import type { DeliveryFilter } from "../../journal/delivery.ts";
import type { ForwardFilter } from "../../journal/forwards.ts";
import { FORWARD_STATES } from "../table/shared.ts";
import type { Options } from "../terminal/table.ts";

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

/**
 * Reads the options that choose events.
 *
 * @param options The command's arguments.
 * @returns The filter.
 */
export function readEventFilter(options: Options): EventFilter {
  return {
    ...readTexts(options, ["endpoint", "source", "type", "subject", "text"]),
    ...readSpan(options),
    ...(options.flag("warnings") ? { withWarnings: true } : {}),
  };
}

/**
 * Reads the options that choose forwards.
 *
 * @param options The command's arguments.
 * @returns The filter.
 */
export function readForwardFilter(options: Options): ForwardFilter {
  const text = options.text("state");
  const state = FORWARD_STATES.find((name) => name === text);
  return {
    ...(state === undefined ? {} : { state }),
    ...readTexts(options, ["destination"]),
    ...readSpan(options),
  };
}

/** A span of time; both ends are open unless given. */
interface Span {
  readonly since?: number;
  readonly until?: number;
}

/**
 * Reads the options that choose by time.
 *
 * @param options The command's arguments.
 * @returns The span, in milliseconds since the epoch.
 */
function readSpan(options: Options): Span {
  const since = options.number("since");
  const until = options.number("until");
  return {
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

/**
 * Reads options whose values are taken as they are.
 *
 * @param options The command's arguments.
 * @param names Their names, which are those of the fields.
 * @returns The fields that are given.
 */
function readTexts<Name extends string>(
  options: Options,
  names: readonly Name[],
): { readonly [_ in Name]?: string } {
  const fields: { [_ in Name]?: string } = {};
  for (const name of names) {
    const value = options.text(name);
    if (value !== undefined) fields[name] = value;
  }
  return fields;
}
