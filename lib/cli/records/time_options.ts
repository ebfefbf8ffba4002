import { UsageError } from "../terminal/command.ts";
import type { Options } from "../terminal/options.ts";
import { parseTimestamp, TIMESTAMP_FORMS } from "../terminal/timestamp.ts";

/** The options that choose by time. */
export const TIME_OPTIONS = ["since", "until"] as const;

/**
 * Writes what `--help` says about them.
 *
 * @param what What happened at that time, e.g. `received`.
 */
export function timeHelp(what: string): string {
  return `  --since T         ${what} at T or later: a date or time of this machine or
                    with a zone, how long ago, or a day: 2026-07-14,
                    2026-07-14T09:30, 2026-07-14T09:30Z, 30m, 2h, 3d, today,
                    yesterday, monday
  --until T         ${what} before T
`;
}

/** A span of time; both ends are open unless given. */
export interface Span {
  readonly since?: number;
  readonly until?: number;
}

/**
 * Reads the options that choose by time.
 *
 * @param options The command's arguments.
 * @param now What counts as now, in milliseconds since the epoch.
 * @returns The span, in milliseconds since the epoch.
 * @throws {UsageError} When a time can't be read.
 */
export function readSpan(options: Options, now: number = Date.now()): Span {
  const since = readMoment("since", options, now);
  const until = readMoment("until", options, now);
  return {
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

function readMoment(name: "since" | "until", options: Options, now: number): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const moment = parseTimestamp(text, now);
  if (moment !== undefined) return moment;
  throw new UsageError(`Cannot read --${name} "${text}": wanted a time such as ${TIMESTAMP_FORMS}`);
}

/**
 * Reads options whose values are taken as they are.
 *
 * @param options The command's arguments.
 * @param names Their names, which are those of the fields.
 * @returns The fields that are given.
 */
export function readTexts<Name extends string>(
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
