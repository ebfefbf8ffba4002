import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import { hash, type HashName } from "../hash.ts";

/** A key of HMAC. What it is made of is out of reach of logs and of JSON. */
export interface MacKey {
  /** Makes the code of a message. */
  sign(message: Uint8Array): Uint8Array<ArrayBuffer>;
  /** Compares a code with the one of a message, in constant time. */
  verify(code: Uint8Array, message: Uint8Array): boolean;
}

/** The bytes that a hash function takes in at a time. */
const BLOCK_BYTES: Readonly<Record<HashName, number>> = { sha256: 64, sha512: 128 };

const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

/**
 * Makes a key of HMAC (RFC 2104), in two hashes. WebCrypto computes the same, but a key costs three
 * times as much there for bodies of a few kilobytes, as webhooks have, and Node's `createHmac` twice.
 *
 * @param name The hash function.
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
export function createMacKey(name: HashName, bytes: Uint8Array): MacKey {
  const block = new Uint8Array(BLOCK_BYTES[name]);
  block.set(bytes.length > block.length ? hash(name, bytes) : bytes);
  const inner = block.map((byte) => byte ^ INNER_PAD);
  const outer = block.map((byte) => byte ^ OUTER_PAD);
  const sign = (message: Uint8Array) => hash(name, outer, hash(name, inner, message));
  return {
    // Of the same type whatever the runtime makes a Buffer of.
    sign: (message) => new Uint8Array(sign(message)),
    verify(code, message) {
      const right = sign(message);
      return code.length === right.length && timingSafeEqual(code, right);
    },
  };
}
