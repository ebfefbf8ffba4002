const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/;

/**
 * Writes when something was saved, for people: in the zone of the store, which is named, for the
 * server can't know the reader's.
 *
 * @param savedAt In milliseconds since the epoch.
 * @param language A language code.
 * @param timeZone The IANA name of the zone.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatSaved(0, "de", "UTC"), "1. Januar 1970 um 00:00 UTC");
 * assertEquals(formatSaved(0, "de", "Europe/Berlin"), "1. Januar 1970 um 01:00 MEZ");
 * ```
 */
export function formatSaved(savedAt: number, language: string, timeZone: string): string {
  return format(savedAt, language, { timeZone, timeZoneName: "short" });
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
  const timestamp = LOCAL_TIME.test(time) ? Date.parse(`${time}Z`) : NaN;
  return Number.isNaN(timestamp) ? time : format(timestamp, language, { timeZone: "UTC" });
}

function format(
  timestamp: number,
  language: string,
  zone: Pick<Intl.DateTimeFormatOptions, "timeZone" | "timeZoneName">,
): string {
  return new Intl.DateTimeFormat(language, {
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    ...zone,
  }).format(timestamp);
}
