/** The date, the time of day, its fraction, then the offset from UTC: what stands between may vary. */
const TIME =
  /^\s*(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)? ?(?:(Z)|([+-]\d{2}):?(\d{2})?)\s*$/i;

/**
 * Reads a point in time that a platform gives.
 *
 * @param value ISO 8601 with an offset, as in RFC 3339, or anything else. A comma may begin the
 * fraction, a space may take the place of the `T`, and the offset may be `+0200` or `+02`.
 * @returns Milliseconds since the epoch; `null` when it is no such time. One without an offset is
 * none: it could be any of a day's.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readEventTime("2016-04-07T14:07:36-04:00"), 1460052456000);
 * assertEquals(readEventTime("2016-04-07 14:07:36,5-0400"), 1460052456500);
 * assertEquals(readEventTime("2016-04-07T14:07:36"), null);
 * ```
 */
export function readEventTime(value: unknown): number | null {
  const [, date, clock, seconds = "00", fraction = "", utc, hours = "+00", minutes = "00"] =
    typeof value === "string" ? TIME.exec(value) ?? [] : [];
  if (date === undefined || clock === undefined) return null;
  const offset = utc === undefined ? `${hours}:${minutes}` : "Z";
  const time = Date.parse(`${date}T${clock}:${seconds}.${fraction.padEnd(3, "0")}${offset}`);
  return Number.isFinite(time) ? time : null;
}
