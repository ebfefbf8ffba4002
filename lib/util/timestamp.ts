const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const DURATION = /^(\d{1,6})([smhdw])$/i;
const DATE = /^(\d{4})-(\d\d)-(\d\d)/.source;
const TIME = /(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/.source;
const TIMESTAMP = new RegExp(DATE + TIME, "i");

/** What a timestamp looks like, for help texts and messages. */
export const TIMESTAMP_FORMS =
  "2026-07-14, 2026-07-14T09:30, 2026-07-14T09:30:00Z, 2h or 3d (ago), today, yesterday or monday";

const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/** The beginning of a day that a word names, in the time of this machine; a weekday is the last one. */
function parseDay(word: string, now: number): number | undefined {
  const weekday = WEEKDAYS.indexOf(word);
  const date = new Date(now);
  const back = word === "today"
    ? 0
    : word === "yesterday"
    ? 1
    : weekday < 0
    ? undefined
    : (date.getDay() - weekday + 7) % 7 || 7;
  if (word === "now") return now;
  if (back === undefined) return undefined;
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - back).getTime();
}

/**
 * Reads how long something takes: a number of `s`, `m`, `h`, `d` or `w`.
 *
 * @param text The text.
 * @returns Milliseconds, `undefined` when it is no such text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseDuration } from "./timestamp.ts";
 *
 * assertEquals(parseDuration("2h"), 7_200_000);
 * assertEquals(parseDuration("2 hours"), undefined);
 * ```
 */
export function parseDuration(text: string): number | undefined {
  const [, count, unit = ""] = DURATION.exec(text) ?? [];
  const unitMs = UNITS_MS[unit.toLowerCase()];
  return count === undefined || unitMs === undefined ? undefined : Number(count) * unitMs;
}

/**
 * Reads a timestamp: a date or a time as ISO 8601 writes it, how long ago it was, or the beginning of
 * `today`, `yesterday` or the last day of a weekday's name. Without a zone
 * it is the time of this machine, as in what {@linkcode formatTimestamp} writes.
 *
 * @param text The text.
 * @param now What counts as now, in milliseconds since the epoch.
 * @returns Milliseconds since the epoch, `undefined` when it is no such text or no such day.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseTimestamp } from "./timestamp.ts";
 *
 * assertEquals(parseTimestamp("1970-01-02T00:00+01:00", 0), 82_800_000);
 * assertEquals(parseTimestamp("1s", 5000), 4000);
 * assertEquals(parseTimestamp("2026-02-30", 0), undefined);
 * ```
 */
export function parseTimestamp(text: string, now: number): number | undefined {
  const ago = parseDuration(text);
  if (ago !== undefined) return now - ago;
  const named = parseDay(text.trim().toLowerCase(), now);
  if (named !== undefined) return named;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "0", zone] =
    TIMESTAMP.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const milliseconds = Math.floor(Number(`0.${fraction}`) * 1000 + 1e-6);
  const fields = [
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    milliseconds,
  ] as const;
  const utc = Date.UTC(...fields);
  // The 30th of February would silently become the 2nd of March.
  if (!new Date(utc).toISOString().startsWith(isoOf(fields))) return undefined;
  if (zone === undefined) return new Date(...fields).getTime();
  const offsetMs = offsetOf(zone);
  return offsetMs === undefined ? undefined : utc - offsetMs;
}

function isoOf(
  [year, month, day, hour, minute, second]: readonly [
    ...fields: [number, number, number, number, number, number],
    milliseconds: number,
  ],
): string {
  const date = `${pad(year, 4)}-${pad(month + 1)}-${pad(day)}`;
  return `${date}T${pad(hour)}:${pad(minute)}:${pad(second)}`;
}

function offsetOf(zone: string): number | undefined {
  const [, sign, hours, minutes = "00"] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  if (sign === undefined) return 0;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === "-" ? -offsetMs : offsetMs;
}

/**
 * Writes a timestamp for a list: in the time of this machine, to the second.
 *
 * @param timestampMs Milliseconds since the epoch.
 * @returns E.g. `2026-07-14 09:30:00`.
 */
export function formatTimestamp(timestampMs: number): string {
  const date = new Date(timestampMs);
  const day = `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/**
 * Writes a timestamp exactly: in the time of this machine, with its zone.
 *
 * @param timestampMs Milliseconds since the epoch.
 * @returns E.g. `2026-07-14T09:30:00.123+02:00`; `parseTimestamp()` reads it.
 */
export function formatExactTimestamp(timestampMs: number): string {
  const date = new Date(timestampMs);
  const minutes = -date.getTimezoneOffset();
  const offset = `${pad(Math.floor(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`;
  const local = formatTimestamp(timestampMs).replace(" ", "T");
  return `${local}.${pad(date.getMilliseconds(), 3)}${minutes < 0 ? "-" : "+"}${offset}`;
}

function pad(value: number, length = 2): string {
  return String(value).padStart(length, "0");
}
