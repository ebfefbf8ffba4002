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

const NOWHERE = new URL("http://localhost/");
/** Scheme and host, then the path. */
const PARTS = /^[a-z]+:\/\/[^/?#]*([^?#]*)/i;

/**
 * Reads the URL of a request: its path and query on a host of no meaning. The host that stands
 * there is what the client wrote into `Host`, which may be anything, and with `Host: [::1` there
 * is no URL to parse.
 *
 * @param text What the request says.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(requestUrlOf("http://[::1/hooks?event=a").pathname, "/hooks");
 * ```
 */
export function requestUrlOf(text: string): URL {
  const target = text.replace(/^[a-z]+:\/\/[^/?#]*/i, "");
  return URL.parse(`http://localhost${target}`) ?? NOWHERE;
}

/**
 * Reads the path of a request as it stands there, which is quicker than reading a URL: enough to
 * recognize a path that is known.
 *
 * @param text What the request says.
 * @returns What stands between the host and the query; a URL may write the same path otherwise.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(writtenPathOf("http://127.0.0.1:8080/ustore/tax?store=7"), "/ustore/tax");
 * ```
 */
export function writtenPathOf(text: string): string {
  return PARTS.exec(text)?.[1] ?? "";
}

/**
 * Tells whether a path lies below another one: `/emporix/b` below `/emporix`, and `/emporixb` not.
 *
 * @param path The path.
 * @param outer The other one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isBelow("/emporix/b", "/emporix"), true);
 * assertEquals(isBelow("/emporixb", "/emporix"), false);
 * assertEquals(isBelow("/emporix", "/"), true);
 * ```
 */
export function isBelow(path: string, outer: string): boolean {
  return path !== outer && path.startsWith(prefixOf(outer));
}

/**
 * Writes what the paths below another one begin with.
 *
 * @param path The other one, e.g. `/emporix`.
 * @returns The path with a slash at its end.
 */
export function prefixOf(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}
