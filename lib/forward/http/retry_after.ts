const SECONDS = /^\d{1,12}$/;
/** The form that senders write, and the two that RFC 9110 has receivers accept. */
const HTTP_DATE =
  /^(?:[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT|[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} [\d:]{8} GMT|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4})$/;

/**
 * Reads a `Retry-After`.
 *
 * @param text The value of the header: seconds, or a date of HTTP.
 * @param now What counts as now, in milliseconds since the epoch.
 * @returns How long to wait, in milliseconds, never less than 0; `null` when it says neither.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const now = Date.UTC(2026, 10, 21, 8, 0, 0);
 * assertEquals(retryAfterMs("120", now), 120_000);
 * assertEquals(retryAfterMs("Sat, 21 Nov 2026 08:01:00 GMT", now), 60_000);
 * assertEquals(retryAfterMs("soon", now), null);
 * ```
 */
export function retryAfterMs(text: string, now: number): number | null {
  if (SECONDS.test(text)) return Number(text) * 1000;
  if (!HTTP_DATE.test(text)) return null;
  const date = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
