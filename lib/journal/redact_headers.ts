import type { HeaderLine } from "./delivery.ts";

/** What stands in the place of a secret. */
export const REMOVED = "[removed]";

const SECRET =
  /auth|cookie|signature|secret|token|passw|credential|session|hmac|api-?key|(?:^|[-_])(?:key|jwt|assertion)$/i;

/** Names that end like a secret's and are none. */
const PUBLIC: ReadonlySet<string> = new Set([
  "idempotency-key",
  "sec-websocket-key",
  "surrogate-key",
  "x-idempotency-key",
]);

/** What `redactHeaders()` has to know of the delivery. */
export interface RedactionOptions {
  /** The header of a signature that stays readable, since it was tried and is wrong. */
  readonly disprovedHeader?: string | undefined;
  /** The endpoint's path. What stands behind it in a URL may be a secret token. */
  readonly path?: string;
}

/**
 * Takes the secrets out of headers: credentials, cookies, signatures and API keys. What is not
 * known to be public and is named like a secret counts as one. Where a header has a URL, as proxies
 * hand on the original one, only its host and the endpoint's own path stay.
 *
 * @param headers The headers of a request.
 * @param options What stays.
 * @returns Every line in its order, with `[removed]` in the place of each secret.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { redactHeaders } from "./redact_headers.ts";
 *
 * const headers = new Headers({ "Content-Type": "text/plain", "X-Signature": "c2VjcmV0" });
 * assertEquals(redactHeaders(headers), [
 *   ["content-type", "text/plain"],
 *   ["x-signature", "[removed]"],
 * ]);
 * assertEquals(redactHeaders([["x-original-url", "/uc/s3cret"]], { path: "/uc" }), [
 *   ["x-original-url", "/uc/[removed]"],
 * ]);
 * ```
 */
export function redactHeaders(
  headers: Iterable<HeaderLine>,
  { disprovedHeader, path }: RedactionOptions = {},
): HeaderLine[] {
  const disproved = disprovedHeader?.toLowerCase();
  return Array.from(headers, ([name, value]) => {
    if (name.toLowerCase() === disproved) return [name, value];
    if (isSecret(name)) return [name, REMOVED];
    return [name, MAY_HOLD_URL.test(value) ? withoutUrls(value, path) : value];
  });
}

/** Where neither begins nor is hidden a URL, nothing is looked at more closely. */
const MAY_HOLD_URL = /https?:\/\/|(?<![\w*.])[/?]|%2f/i;
/** What can't stand within a URL. */
const BETWEEN_URLS = /([\s"'<>,;]+)/;
/** Where a URL, a path or a query begins: not at the slash of a media type. */
const URL_START = /https?:\/\/|(?<![\w*.])[/?]/i;

function withoutUrls(value: string, path: string | undefined): string {
  return value.split(BETWEEN_URLS).map((text) => withoutUrl(text, path)).join("");
}

/** Leaves of a URL what says nothing: its host, and the endpoint's path where it begins with it. */
function withoutUrl(text: string, path: string | undefined): string {
  if (/%2f/i.test(text)) return REMOVED;
  const start = text.search(URL_START);
  if (start === -1) return text;
  const [, origin = "", rest = ""] = /^(https?:\/\/[^/?#]*)?(.*)$/is.exec(text.slice(start)) ?? [];
  const before = text.slice(0, start) + origin.replace(/\/\/.*@/, "//");
  if (rest === "" || rest === "/" || rest === path) return before + rest;
  const kept = ["/", "?"].map((next) => `${path}${next}`).find((one) => rest.startsWith(one));
  return `${before}${path === undefined || path === "/" ? "/" : kept ?? "/"}${REMOVED}`;
}

/** Requests have the same few names again and again. Who sends others may not fill the memory. */
const judged = new Map<string, boolean>();
const MOST_JUDGED = 1000;

function isSecret(name: string): boolean {
  let secret = judged.get(name);
  if (secret === undefined) {
    secret = SECRET.test(name) && !PUBLIC.has(name.toLowerCase());
    if (judged.size < MOST_JUDGED) judged.set(name, secret);
  }
  return secret;
}
