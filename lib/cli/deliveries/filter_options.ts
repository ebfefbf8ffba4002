import type { DeliveryFilter } from "../../journal/filter.ts";
import { UsageError } from "../command.ts";
import { MOMENT_FORMS, parseMoment } from "../journal/moment.ts";
import type { OptionNames, Options } from "../options.ts";

/** The options that choose deliveries. */
export const FILTER_OPTIONS = {
  text: ["endpoint", "kind", "status", "since", "until", "text"],
  flags: ["refused"],
} as const satisfies OptionNames;

/** What `--help` says about those that choose by where and when. */
export const PLACE_HELP = `  --endpoint PATH   only of this endpoint, e.g. /ustore/order-approval
  --kind KIND       only of this kind, e.g. ustore.order-approval
  --since T         received at T or later: a date or time of this machine or with a zone, or how
                    long ago: 2026-07-14, 2026-07-14T09:30, 2026-07-14T09:30Z, 30m, 2h, 3d
  --until T         received before T
`;

/** What `--help` says about all of them. */
export const FILTER_HELP =
  `${PLACE_HELP}  --status S        only with this status: 200, 4xx or 400-499
  --text T          that holds T in the body, the answer or the request id; a-z match A-Z
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
  const endpoint = options.text("endpoint");
  const kind = options.text("kind");
  const text = options.text("text");
  const status = options.text("status");
  const since = readMoment("since", options, now);
  const until = readMoment("until", options, now);
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(kind === undefined ? {} : { kind }),
    ...(status === undefined ? {} : { status: readStatus(status) }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(text === undefined ? {} : { text }),
    ...(options.flag("refused") ? { verified: false } : {}),
  };
}

function readMoment(name: "since" | "until", options: Options, now: number): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const moment = parseMoment(text, now);
  if (moment !== undefined) return moment;
  throw new UsageError(`Cannot read --${name} "${text}": wanted a time such as ${MOMENT_FORMS}`);
}

function readStatus(text: string): readonly [from: number, to: number] {
  const [, first, last] = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(text) ?? [];
  if (first !== undefined) return [Number(first), Number(last ?? first)];
  const [, hundreds] = /^([1-5])xx$/i.exec(text) ?? [];
  if (hundreds !== undefined) return [Number(hundreds) * 100, Number(hundreds) * 100 + 99];
  throw new UsageError(`Cannot read --status "${text}": wanted e.g. 200, 4xx or 400-499`);
}
