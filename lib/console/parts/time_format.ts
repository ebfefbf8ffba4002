/**
 * How a time is shown: as short as it can be, to the millisecond, by how long it is away, or no more
 * than its hour or its day.
 */
export const TIME_FORMS = ["short", "exact", "away", "hour", "day"] as const;

/** One of {@linkcode TIME_FORMS}. */
export type TimeForm = typeof TIME_FORMS[number];

const formats = new Map<string, Intl.DateTimeFormat>();
const relative = new Map<string, Intl.RelativeTimeFormat>();

function write(
  at: number,
  language: string,
  options: Intl.DateTimeFormatOptions,
): string {
  const key = `${language} ${Object.entries(options).flat().join(" ")}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(language, options);
  formats.set(key, format);
  return format.format(at);
}

const CLOCK = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
const DATE = { day: "numeric", month: "short", year: "numeric" } as const;
const UNITS = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000], [
  "second",
  1000,
]] as const;

/**
 * Writes a time for a reader. The server and the browser both use it, each with its own zone.
 *
 * @param at In milliseconds since the epoch.
 * @param form How it is shown.
 * @param reader The language, the zone (that of the machine where none is given) and what is now.
 * @returns `11:42:07` of today, `27 Nov, 11:42` of this year, else with the year.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const reader = { language: "de", timeZone: "UTC", now: Date.UTC(2026, 10, 28, 12) };
 * assertEquals(formatTime(Date.UTC(2026, 10, 28, 9, 5, 7), "short", reader), "09:05:07");
 * assertEquals(formatTime(Date.UTC(2026, 10, 27, 9, 5, 7), "short", reader), "27. Nov., 09:05");
 * assertEquals(formatTime(Date.UTC(2026, 10, 28, 11, 57), "away", reader), "vor 3 Minuten");
 * ```
 */
export function formatTime(
  at: number,
  form: TimeForm,
  { language, timeZone, now }: {
    readonly language: string;
    readonly timeZone?: string | undefined;
    readonly now: number;
  },
): string {
  if (form === "away") return away(at - now, language);
  const zone = timeZone === undefined ? {} : { timeZone };
  if (form === "exact") {
    return write(at, language, { ...DATE, ...CLOCK, fractionalSecondDigits: 3, ...zone });
  }
  const { year, ...shortDate } = DATE;
  const { second: _, ...shortClock } = CLOCK;
  if (form === "hour") return write(at, language, { ...shortClock, ...zone });
  if (form === "day") return write(at, language, { ...shortDate, ...zone });
  const day = write(at, language, { ...DATE, ...zone });
  const today = write(now, language, { ...DATE, ...zone });
  if (day === today) return write(at, language, { ...CLOCK, ...zone });
  const isThisYear = day.slice(-4) === today.slice(-4);
  return write(at, language, {
    ...shortDate,
    ...(isThisYear ? {} : { year }),
    ...shortClock,
    ...zone,
  });
}

/** How far away a time is, in the largest unit of which it is one at least. */
function away(milliseconds: number, language: string): string {
  const format = relative.get(language) ??
    new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  relative.set(language, format);
  const [unit, length] = UNITS.find(([, one]) => Math.abs(milliseconds) >= one) ?? UNITS[3];
  return format.format(Math.trunc(milliseconds / length), unit);
}

/**
 * Writes a time with all that there is to know of it, for who rests the pointer on it.
 *
 * @param at In milliseconds since the epoch.
 * @param language The reader's language.
 * @param timeZone The zone; that of the machine where none is given.
 * @returns The time in that zone with its name, and in UTC.
 */
export function formatWholeTime(at: number, language: string, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const here = write(at, language, { ...DATE, ...CLOCK, timeZoneName: "short", ...zone });
  return `${here} · ${new Date(at).toISOString()}`;
}
