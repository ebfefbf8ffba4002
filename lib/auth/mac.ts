import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import { createHmac, createSecretKey } from "node:crypto";

/** A key of HMAC. What it is made of is out of reach of logs and of JSON. */
export interface MacKey {
  /** Makes the code of a message. */
  sign(message: Uint8Array): Uint8Array<ArrayBuffer>;
  /** Compares a code with the one of a message, in constant time. */
  verify(code: Uint8Array, message: Uint8Array): boolean;
}

/**
 * Makes a key of HMAC. WebCrypto would compute the same in another thread: for bodies of a few
 * kilobytes, as webhooks have, the way there and back costs about as much as the hash itself.
 *
 * @param hash The hash function.
 * @param bytes What the key is made of.
 * @returns The key.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const key = createMacKey("sha256", new TextEncoder().encode("key"));
 * const message = new TextEncoder().encode("The quick brown fox jumps over the lazy dog");
 * const code = key.sign(message);
 * assertEquals(code.toHex().slice(0, 16), "f7bc83f430538424");
 * assertEquals(key.verify(code, message), true);
 * ```
 */
export function createMacKey(hash: "sha256" | "sha512", bytes: Uint8Array): MacKey {
  const key = createSecretKey(bytes);
  // Of the same type whatever the runtime makes a Buffer of.
  const sign = (message: Uint8Array) =>
    new Uint8Array(createHmac(hash, key).update(message).digest());
  return {
    sign,
    verify(code, message) {
      const right = sign(message);
      return code.length === right.length && timingSafeEqual(code, right);
    },
  };
}
