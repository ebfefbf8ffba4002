import type { Authenticator } from "./authenticator.ts";
import { importKey, signBytes, verifySignature } from "./hmac.ts";

/** The header that carries the signature, in requests and in answers. */
export const SIGNATURE_HEADER = "X-Signature";

/**
 * Makes uStore's authenticator: the same signature over the request's bytes and the answer's.
 *
 * @param keys The active keys, of which any verifies. An answer is signed with the key that
 * verified its request, since the other side knows only its own; else with the first.
 * @returns The authenticator.
 * @throws {RangeError} When there is no key, or one is empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const auth = await createXSignature(["new-key", "old-key"]);
 * const headers = new Headers(await (await createXSignature(["old-key"])).sign(new Uint8Array(2)));
 * assertEquals(await auth.verify(headers, new Uint8Array(2)), { keyIndex: 1, by: "key 2" });
 * assertEquals(await auth.verify(headers, new Uint8Array(3)), undefined);
 * ```
 */
export async function createXSignature(keys: readonly string[]): Promise<Authenticator> {
  const imported = await Promise.all(keys.map(importKey));
  const [first] = imported;
  if (first === undefined) throw new RangeError("Cannot sign answers: the list of keys is empty");
  return {
    scheme: "x-signature",
    async verify(headers, body) {
      // Two headers arrive joined as "a, b", which is no signature: so duplicates are refused.
      const signature = headers.get(SIGNATURE_HEADER) ?? "";
      for (const [keyIndex, key] of imported.entries()) {
        if (await verifySignature(key, signature, body)) {
          return { keyIndex, by: `key ${keyIndex + 1}` };
        }
      }
      return undefined;
    },
    async sign(body, verified) {
      const key = imported[verified?.keyIndex ?? 0] ?? first;
      return { [SIGNATURE_HEADER]: await signBytes(key, body) };
    },
  };
}
