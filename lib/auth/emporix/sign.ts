import { encodeBase64 } from "@std/encoding/base64";
import { importHmacKey } from "../hmac.ts";
import { sortedFormsOf } from "./forms.ts";

/**
 * Signs an event as Emporix's HTTP provider does: over the stable form of its JSON, or over the
 * bytes where they are that form already or have none.
 *
 * @param secret The secret key; its UTF-8 bytes are used as given.
 * @param body The exact bytes that are sent.
 * @returns The value of `emporix-event-signature`.
 * @throws {RangeError} When the secret is empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const body = '{"tenant":"acme","cartId":"c1","itemId":"i1","quantity":2.0,"priceId":"p1"}';
 * assertEquals(
 *   await signEmporixEvent("password123", new TextEncoder().encode(body)),
 *   "TeAFUTi4vObuP1WKZdctBm5bmrC9aTNDIEY2nc+VrMQ=",
 * );
 * ```
 */
export async function signEmporixEvent(
  secret: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<string> {
  if (secret === "") throw new RangeError("Cannot sign an Emporix event: the secret is empty");
  const stable = sortedFormsOf(body).find(({ name }) => name === "stable form")?.bytes ?? body;
  const key = await importHmacKey("SHA-256", new TextEncoder().encode(secret));
  return encodeBase64(await crypto.subtle.sign("HMAC", key, stable));
}
