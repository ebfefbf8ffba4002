const NOWHERE = new URL("http://localhost/");

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
 * assertEquals(urlOf("http://[::1/hooks?event=a").pathname, "/hooks");
 * ```
 */
export function urlOf(text: string): URL {
  const target = text.replace(/^[a-z]+:\/\/[^/?#]*/i, "");
  return URL.parse(`http://localhost${target}`) ?? NOWHERE;
}
