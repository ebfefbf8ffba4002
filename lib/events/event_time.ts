const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/i;

/**
 * Reads a point in time that a platform gives.
 *
 * @param value ISO 8601 with an offset, as in RFC 3339, or anything else.
 * @returns Milliseconds since the epoch; `null` when it is no such time. One without an offset is
 * none: it could be any of a day's.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readEventTime("2016-04-07T14:07:36-04:00"), 1460052456000);
 * assertEquals(readEventTime("2016-04-07T14:07:36"), null);
 * ```
 */
export function readEventTime(value: unknown): number | null {
  if (typeof value !== "string" || !TIME.test(value)) return null;
  const time = Date.parse(value.toUpperCase());
  return Number.isFinite(time) ? time : null;
}
