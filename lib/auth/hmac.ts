/** HMAC by WebCrypto: every signature with a shared key is made and compared there. */

/** The hash functions of the signatures that platforms make. */
export type HmacHash = "SHA-256" | "SHA-512";

/** 64 bytes in canonical Base64: the last character before the padding carries two bits only. */
const SIGNATURE = /^[A-Za-z0-9+/]{85}[AQgw]==$/;

const encoder = new TextEncoder();

/**
 * Imports the bytes of a key of HMAC. Do it once, when a config is loaded. What the key is made of
 * is out of reach of logs and of JSON.
 *
 * @param hash The hash function.
 * @param bytes What the key is made of.
 * @returns A key that signs and verifies.
 * @throws {RangeError} When there are no bytes: with such a key anybody could sign.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const key = await importHmacKey("SHA-256", new TextEncoder().encode("key"));
 * const message = new TextEncoder().encode("The quick brown fox jumps over the lazy dog");
 * const code = new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
 * assertEquals(code.toHex().slice(0, 16), "f7bc83f430538424");
 * ```
 */
export async function importHmacKey(
  hash: HmacHash,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey> {
  if (bytes.length === 0) throw new RangeError("Cannot import a signature key: the key is empty");
  const algorithm = { name: "HMAC", hash };
  return await crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign", "verify"]);
}

/**
 * Imports a signature key of uStore.
 *
 * @param key The key's text; its UTF-8 bytes are used exactly as given, white space included.
 * @returns A key for {@linkcode signBytes} and {@linkcode verifySignature}.
 * @throws {RangeError} When the key is empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals((await importKey("my-signature-key")).usages, ["sign", "verify"]);
 * ```
 */
export async function importKey(key: string): Promise<CryptoKey> {
  return await importHmacKey("SHA-512", encoder.encode(key));
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
 *   await signBytes(await importKey("my-signature-key"), body),
 *   "jcvlsZ7eZYAbpLRG59CfuiTghhbcXZEwTFouJJIx9K/3C8yCGoCUO4aTm//1PB1or2I/ZaPo3LOrOpkTV/SxQg==",
 * );
 * ```
 */
export async function signBytes(key: CryptoKey, body: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, body)).toBase64();
}

/**
 * Tells whether a text can be a signature of uStore at all.
 *
 * @param text The value of the header.
 * @returns Whether it is canonical Base64 of 64 bytes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isSignatureText("not a signature"), false);
 * ```
 */
export function isSignatureText(text: string): boolean {
  return SIGNATURE.test(text);
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
 * const key = await importKey("my-signature-key");
 * const body = new TextEncoder().encode("{}");
 * assertEquals(await verifySignature(key, await signBytes(key, body), body), true);
 * assertEquals(await verifySignature(key, "not a signature", body), false);
 * ```
 */
export async function verifySignature(
  key: CryptoKey,
  signature: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  return isSignatureText(signature) &&
    await crypto.subtle.verify("HMAC", key, Uint8Array.fromBase64(signature), body);
}
