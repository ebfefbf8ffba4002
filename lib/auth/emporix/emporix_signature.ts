import { decodeBase64 } from "@std/encoding/base64";
import type { Authenticator } from "../authenticator.ts";
import { importHmacKey } from "../hmac.ts";
import { formsOf } from "./forms.ts";

/** The header of Emporix's HTTP provider that carries the signature. */
export const EMPORIX_SIGNATURE_HEADER = "emporix-event-signature";

/** 32 bytes in canonical Base64: the last character before the padding carries four bits only. */
const SIGNATURE = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

const encoder = new TextEncoder();

/**
 * Makes the authenticator of Emporix's HTTP provider: Base64 of HMAC-SHA256 over the body.
 *
 * The vendor describes in two ways which text of the body is signed, so each is tried, and
 * `Verified.by` says which one it was.
 *
 * @param secrets The active secret keys, of which any verifies. Their UTF-8 bytes are used as given.
 * @returns The authenticator. It signs no answer, since the vendor reads none.
 * @throws {RangeError} When there is no secret, or one is empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const auth = await createEmporixSignature(["password123"]);
 * const signature = "TeAFUTi4vObuP1WKZdctBm5bmrC9aTNDIEY2nc+VrMQ=";
 * const verified = await auth.verify(
 *   new Headers({ "emporix-event-signature": signature }),
 *   new TextEncoder().encode(
 *     '{"tenant":"acme","cartId":"c1","itemId":"i1","quantity":2.0,"priceId":"p1"}',
 *   ),
 * );
 * assertEquals(verified, { keyIndex: 0, by: "secret 1, stable form" });
 * ```
 */
export async function createEmporixSignature(
  secrets: readonly string[],
): Promise<Authenticator> {
  if (secrets.length === 0) {
    throw new RangeError("Cannot verify Emporix events: the list of secrets is empty");
  }
  const keys = await Promise.all(secrets.map(importSecret));
  return {
    scheme: "emporix-signature",
    async verify(headers, body) {
      // Two headers arrive joined as "a, b", which is no signature: so duplicates are refused.
      const text = headers.get(EMPORIX_SIGNATURE_HEADER) ?? "";
      if (!SIGNATURE.test(text)) return undefined;
      const signature = decodeBase64(text);
      for (const { name, bytes } of formsOf(body)) {
        for (const [keyIndex, key] of keys.entries()) {
          if (await crypto.subtle.verify("HMAC", key, signature, bytes)) {
            return { keyIndex, by: `secret ${keyIndex + 1}, ${name}` };
          }
        }
      }
      return undefined;
    },
    sign: () => ({}),
  };
}

async function importSecret(secret: string): Promise<CryptoKey> {
  if (secret === "") throw new RangeError("Cannot verify Emporix events: a secret is empty");
  return await importHmacKey("SHA-256", encoder.encode(secret));
}
