import { createMacKey, type MacKey } from "./mac.ts";

/** 64 bytes in canonical Base64: the last character before the padding carries two bits only. */
const SIGNATURE = /^[A-Za-z0-9+/]{85}[AQgw]==$/;

const encoder = new TextEncoder();

/**
 * Makes a signature key. Do it once: that costs as much as signing.
 *
 * @param key The key's text; its UTF-8 bytes are used exactly as given, white space included.
 * @returns A key for {@linkcode signBytes} and {@linkcode verifySignature}.
 * @throws {RangeError} When the key is empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(importKey("my-signature-key").sign(new Uint8Array(2)).length, 64);
 * ```
 */
export function importKey(key: string): MacKey {
  if (key === "") throw new RangeError("Cannot import a signature key: the key is empty");
  return createMacKey("sha512", encoder.encode(key));
}

/**
 * Signs bytes with HMAC-SHA512.
 *
 * @param key What {@linkcode importKey} made.
 * @param body The exact bytes that are sent.
 * @returns The signature in standard Base64: 88 characters.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const body = new TextEncoder().encode('{"ApprovalGroupId":10065,"IsApprovalNeeded":true}');
 * assertEquals(
 *   signBytes(importKey("my-signature-key"), body),
 *   "jcvlsZ7eZYAbpLRG59CfuiTghhbcXZEwTFouJJIx9K/3C8yCGoCUO4aTm//1PB1or2I/ZaPo3LOrOpkTV/SxQg==",
 * );
 * ```
 */
export function signBytes(key: MacKey, body: Uint8Array): string {
  return key.sign(body).toBase64();
}

/**
 * Verifies a signature over bytes, in constant time.
 *
 * @param key What {@linkcode importKey} made.
 * @param signature The text as it was received; anything but canonical Base64 of 64 bytes is wrong.
 * @param body The exact bytes that were received.
 * @returns Whether the signature is right; never throws for bad input.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const key = importKey("my-signature-key");
 * const body = new TextEncoder().encode("{}");
 * assertEquals(verifySignature(key, signBytes(key, body), body), true);
 * assertEquals(verifySignature(key, "not a signature", body), false);
 * ```
 */
export function verifySignature(key: MacKey, signature: string, body: Uint8Array): boolean {
  return SIGNATURE.test(signature) && key.verify(Uint8Array.fromBase64(signature), body);
}
