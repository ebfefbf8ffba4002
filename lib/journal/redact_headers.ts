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

/**
 * Takes the secrets out of headers: credentials, cookies, signatures and API keys. What is not
 * known to be public and is named like a secret counts as one.
 *
 * @param headers The headers of a request.
 * @param keep `signatures` leaves signatures readable.
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
 * ```
 */
export function redactHeaders(
  headers: Iterable<HeaderLine>,
  keep: { readonly signatures?: boolean } = {},
): HeaderLine[] {
  return Array.from(headers, ([name, value]) => {
    const isKept = !isSecret(name) || (keep.signatures === true && /signature$/i.test(name));
    return [name, isKept ? value : REMOVED];
  });
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
