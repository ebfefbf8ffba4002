import type { DeliveryFilter } from "../../journal/filter.ts";
import { UsageError } from "../terminal/command.ts";
import { readSpan, readTexts, TIME_OPTIONS, timeHelp } from "../records/time_options.ts";
import type { OptionNames, Options } from "../terminal/options.ts";

/** The options that choose deliveries. */
export const FILTER_OPTIONS = {
  text: ["endpoint", "kind", "status", ...TIME_OPTIONS, "text", "rule", "verified-by"],
  flags: ["refused"],
} as const satisfies OptionNames;

/** What `--help` says about those that choose by where and when. */
export const PLACE_HELP = `  --endpoint PATH   only of this endpoint, e.g. /ustore/order-approval
  --kind KIND       only of this kind, e.g. ustore.order-approval
${timeHelp("received")}`;

/** What `--help` says about all of them. */
export const FILTER_HELP =
  `${PLACE_HELP}  --status S        only with this status: 200, 4xx or 400-499
  --text T          that holds T in the body, the answer or the request id;
                    a-z match A-Z
  --rule NAME       only those that this rule decided, or an item of them
  --verified-by K   only those that this key verified: its fingerprint, as "check"
                    shows it, or what the journal says, such as "key 1"
  --refused         only those that no key verified
`;

/**
 * Reads the options that choose deliveries.
 *
 * @param options The command's arguments.
 * @param now What counts as now, in milliseconds since the epoch.
 * @returns The filter.
 * @throws {UsageError} When a status or a time can't be read.
 */
export function readFilter(options: Options, now: number = Date.now()): DeliveryFilter {
  const status = options.text("status");
  const verifiedBy = options.text("verified-by");
  return {
    ...readTexts(options, ["endpoint", "kind", "text", "rule"]),
    ...(status === undefined ? {} : { status: readStatus(status) }),
    ...readSpan(options, now),
    ...(verifiedBy === undefined ? {} : { verifiedBy }),
    ...(options.flag("refused") ? { verified: false } : {}),
  };
}

function readStatus(text: string): readonly [from: number, to: number] {
  const [, first, last] = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(text) ?? [];
  if (first !== undefined) return [Number(first), Number(last ?? first)];
  const [, hundreds] = /^([1-5])xx$/i.exec(text) ?? [];
  if (hundreds !== undefined) return [Number(hundreds) * 100, Number(hundreds) * 100 + 99];
  throw new UsageError(`Cannot read --status "${text}": wanted e.g. 200, 4xx or 400-499`);
}
