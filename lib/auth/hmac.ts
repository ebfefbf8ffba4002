import { decodeBase64, encodeBase64 } from "@std/encoding/base64";

/** 64 bytes in canonical Base64: the last character before the padding carries two bits only. */
const SIGNATURE = /^[A-Za-z0-9+/]{85}[AQgw]==$/;

const encoder = new TextEncoder();

/**
 * Imports a signature key. Do it once: importing costs as much as signing.
 *
 * @param key The key's text; its UTF-8 bytes are used exactly as given, white space included.
 * @returns A key for {@linkcode signBytes} and {@linkcode verifySignature}.
 * @throws {RangeError} When the key is empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals((await importKey("my-signature-key")).extractable, false);
 * ```
 */
export async function importKey(key: string): Promise<CryptoKey> {
  if (key === "") throw new RangeError("Cannot import a signature key: the key is empty");
  const algorithm = { name: "HMAC", hash: "SHA-512" };
  return await crypto.subtle.importKey("raw", encoder.encode(key), algorithm, false, [
    "sign",
    "verify",
  ]);
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
  return encodeBase64(await crypto.subtle.sign("HMAC", key, body));
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
  if (!SIGNATURE.test(signature)) return false;
  return await crypto.subtle.verify("HMAC", key, decodeBase64(signature), body);
}
