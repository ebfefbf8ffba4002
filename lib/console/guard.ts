/** What keeps pages of other sites away, and what every answer of the console says of itself. */
import { ConsoleError } from "./errors.ts";

/** What every answer says: nothing of it is kept, framed, guessed, or taken from elsewhere. */
const HEADERS = {
  "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; " +
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; " +
    "frame-ancestors 'none'; base-uri 'none'",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
} as const;

/** A page that is kept shows to the next person at this screen what the one before saw. */
const CACHE_CONTROL = "no-store";

/**
 * Adds what every answer of the console says.
 *
 * @param response The answer; one that says how long it may be kept goes on to say so.
 * @returns The same answer.
 */
export function guarded(response: Response): Response {
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
  if (!response.headers.has("Cache-Control")) {
    response.headers.set("Cache-Control", CACHE_CONTROL);
  }
  return response;
}

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses what a page of another site sends. Browsers say where a request comes from in
 * `Sec-Fetch-Site`, older ones in `Origin`; pages can change neither. A script that shows a token
 * needs none of them: a browser adds no token by itself.
 *
 * @param request The request.
 * @param publicUrl How browsers reach the console, where that is known.
 * @param hasToken Whether it is known by a token.
 * @throws {ConsoleError} `foreign_origin`.
 */
export function refuseForeign(
  { method, headers, url }: Pick<Request, "method" | "headers" | "url">,
  publicUrl: string | undefined,
  hasToken: boolean,
): void {
  if (SAFE_METHODS.has(method)) return;
  const site = headers.get("sec-fetch-site");
  if (site === "same-origin" || site === "none") return;
  const origin = headers.get("origin");
  if (site === null && origin === null && hasToken) return;
  if (site === null && origin !== null && isOurs(origin, headers, url, publicUrl)) return;
  throw new ConsoleError("foreign_origin");
}

/**
 * Tells whether no browser and nobody who is known sends a request: a script that forgot its token is
 * no page of another site, which would say where it comes from.
 *
 * @param headers The request's headers.
 */
export function isOfNobody(headers: Headers): boolean {
  return !["sec-fetch-site", "origin", "cookie", "authorization"].some((name) => headers.has(name));
}

function isOurs(
  origin: string,
  headers: Headers,
  url: string,
  publicUrl: string | undefined,
): boolean {
  const from = URL.parse(origin);
  if (from === null) return false;
  if (publicUrl !== undefined && URL.parse(publicUrl)?.origin === from.origin) return true;
  // The scheme is not compared: a proxy that speaks HTTPS may stand before this listener.
  const host = headers.get("host") ?? URL.parse(url)?.host;
  return host !== undefined && from.host === host.toLowerCase();
}

/**
 * Finds out where a request goes within the console, and what its links begin with.
 *
 * @param pathname The path of its URL.
 * @param headers Its headers.
 * @param publicUrl How browsers reach the console. The path in it may be passed on by the proxy or
 * taken away.
 * @returns The path without that, and what stands before it in links.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const url = "https://ops.example/storehook";
 * const outside = new Headers({ host: "ops.example" });
 * const place = { pathname: "/deliveries", base: "/storehook" };
 * assertEquals(placeOf("/storehook/deliveries", outside, url), place);
 * assertEquals(placeOf("/deliveries", outside, url), place);
 * assertEquals(placeOf("/deliveries", new Headers({ host: "127.0.0.1:8081" }), url), {
 *   pathname: "/deliveries",
 *   base: "",
 * });
 * ```
 */
export function placeOf(
  pathname: string,
  headers: Headers,
  publicUrl: string | undefined,
): { readonly pathname: string; readonly base: string } {
  const url = publicUrl === undefined ? null : URL.parse(publicUrl);
  const prefix = url?.pathname.replace(/\/+$/, "") ?? "";
  if (url === null || prefix === "") return { pathname, base: "" };
  if (pathname === prefix || pathname.startsWith(`${prefix}/`)) {
    return { pathname: pathname.slice(prefix.length) || "/", base: prefix };
  }
  return { pathname, base: headers.get("host")?.toLowerCase() === url.host ? prefix : "" };
}
