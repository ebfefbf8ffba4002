/** What is kept of the outside: short, and safe in a header, a log line and a file name. */
const ACCEPTED = /^[\w-]{1,64}$/;

/**
 * Names a request, for the answer, the log and the journal.
 *
 * @param headers The request's headers; a good `X-Request-Id` is kept.
 * @returns The id.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(requestIdOf(new Headers({ "X-Request-Id": "order-4068" })), "order-4068");
 * ```
 */
export function requestIdOf(headers: Headers): string {
  const given = headers.get("X-Request-Id");
  return given !== null && ACCEPTED.test(given) ? given : crypto.randomUUID();
}
