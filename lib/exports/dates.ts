const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/;

/**
 * Writes a moment for people, in UTC: the server can't know the reader's time zone.
 *
 * @param moment In milliseconds since the epoch.
 * @param language A language code.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatMoment(0, "de"), "1. Januar 1970 um 00:00 UTC");
 * ```
 */
export function formatMoment(moment: number, language: string): string {
  return format(moment, language, { timeZoneName: "short" });
}

/**
 * Writes a time without a zone for people.
 *
 * @param time The time as a store sends it, e.g. `2023-12-03T10:15:30.123`.
 * @param language A language code.
 * @returns The time in words, or what was given where it is anything else.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatLocalTime("2023-12-03T10:15:30.123", "de"), "3. Dezember 2023 um 10:15");
 * assertEquals(formatLocalTime("yesterday", "de"), "yesterday");
 * ```
 */
export function formatLocalTime(time: string, language: string): string {
  const moment = LOCAL_TIME.test(time) ? Date.parse(`${time}Z`) : NaN;
  return Number.isNaN(moment) ? time : format(moment, language, {});
}

function format(
  moment: number,
  language: string,
  zone: Pick<Intl.DateTimeFormatOptions, "timeZoneName">,
): string {
  return new Intl.DateTimeFormat(language, {
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZone: "UTC",
    ...zone,
  }).format(moment);
}
