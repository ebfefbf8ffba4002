/** The signature of uStore: HMAC-SHA512 over the bytes, verified and made by WebCrypto. */
import {
  type Authenticator,
  importHmacKey,
  keyFingerprint,
  type SignatureHeaders,
} from "./authenticator.ts";
import { readSignature } from "./doctor/signature_variants.ts";
import {
  type Refusal,
  refuseDoubled,
  refuseEncoding,
  refuseMalformed,
  refuseMissing,
  refuseSignature,
} from "./refusals.ts";

/** 64 bytes in canonical Base64: the last character before the padding carries two bits only. */
const SIGNATURE = /^[A-Za-z0-9+/]{85}[AQgw]==$/;

const encoder = new TextEncoder();

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

/** The header that carries the signature, in requests and in answers. */
export const SIGNATURE_HEADER = "X-Signature";

const SIGNATURE_BYTES = 64;
const WANTED = "88 characters of Base64 that end with ==";

/** Longer ones are not read in other encodings: what a signature is wrapped in is short. */
const LONGEST_ENCODED = 1024;

type Bytes = Uint8Array<ArrayBuffer>;

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
 * const old = await createXSignature(["old-key"]);
 * const headers = new Headers(await old.sign(new Uint8Array(2)));
 * const by = `key ${old.keyFingerprints[0]}`;
 * assertEquals(await auth.verify(headers, new Uint8Array(2)), { keyIndex: 1, by });
 * ```
 */
export async function createXSignature(keys: readonly string[]): Promise<Authenticator> {
  const imported = await Promise.all(keys.map(importKey));
  const keyFingerprints = keys.map(keyFingerprint);
  const known = keyFingerprints.map((key, keyIndex) => ({ keyIndex, by: `key ${key}` }));
  const signers = imported.map(createSigner);
  const [sign] = signers;
  if (sign === undefined) throw new RangeError("Cannot sign answers: the list of keys is empty");
  return {
    scheme: "x-signature",
    keyFingerprints,
    async verify(headers, body) {
      const signature = headers.get(SIGNATURE_HEADER);
      if (signature === null) return refuseMissing([SIGNATURE_HEADER], headers, "x-signature");
      if (!isSignatureText(signature)) return await refuseText(signature, body, imported);
      const keyIndex = await findKey(imported, Uint8Array.fromBase64(signature), body);
      return known[keyIndex] ?? refuseSignature(SIGNATURE_HEADER, keyFingerprints, "key");
    },
    sign: (body, verified) => (signers[verified?.keyIndex ?? 0] ?? sign)(body),
  };
}

/** Longer ones say something of their order, and hardly come again. */
const MOST_REMEMBERED_BYTES = 256;
/** A power of two. */
const REMEMBERED = 64;

/** An answer with its signature. */
interface SignedAnswer {
  readonly body: Bytes;
  readonly headers: SignatureHeaders;
}

/**
 * Makes what signs answers with a key. The same bytes have the same signature, and "group 10065 must
 * approve" is said again and again: so what was signed lately is remembered, in places that are
 * written over.
 */
function createSigner(
  key: CryptoKey,
): (body: Bytes) => SignatureHeaders | Promise<SignatureHeaders> {
  const remembered: (SignedAnswer | undefined)[] = new Array(REMEMBERED).fill(undefined);

  async function signAnew(body: Bytes, place: number | undefined): Promise<SignatureHeaders> {
    const headers = { [SIGNATURE_HEADER]: await signBytes(key, body) };
    if (place !== undefined) remembered[place] = { body: body.slice(), headers };
    return headers;
  }

  return (body) => {
    if (body.length > MOST_REMEMBERED_BYTES) return signAnew(body, undefined);
    const place = placeOf(body);
    const known = remembered[place];
    return known !== undefined && isSame(known.body, body) ? known.headers : signAnew(body, place);
  };
}

/** FNV-1a, of which any bits do to choose a place. */
function placeOf(body: Bytes): number {
  let hash = 0x811c9dc5;
  for (const byte of body) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash ^ (hash >>> 16)) & (REMEMBERED - 1);
}

function isSame(one: Bytes, other: Bytes): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** One after the other: the first that matches ends it, so a true sender costs one hash mostly. */
async function findKey(
  keys: readonly CryptoKey[],
  signature: Bytes,
  body: Bytes,
): Promise<number> {
  for (const [index, key] of keys.entries()) {
    if (await crypto.subtle.verify("HMAC", key, signature, body)) return index;
  }
  return -1;
}

/** Written in another way, a right signature is refused as well, and no less worth hiding. */
async function refuseText(
  text: string,
  body: Bytes,
  keys: readonly CryptoKey[],
): Promise<Refusal> {
  // Two headers arrive joined as "a, b", which is no signature: so duplicates are refused.
  if (text.split(", ").length > 1) return refuseDoubled(SIGNATURE_HEADER);
  const readings = text.length > LONGEST_ENCODED ? [] : readSignature(text);
  for (const { value, variants } of readings) {
    if (value.length !== SIGNATURE_BYTES) continue;
    if (await findKey(keys, value, body) === -1) continue;
    const how = variants.map(({ what }) => what.replace(/^and /, ""));
    const fixes = new Set(variants.map(({ fix }) => fix));
    return refuseEncoding(SIGNATURE_HEADER, how, [...fixes].join(" "));
  }
  return refuseMalformed(SIGNATURE_HEADER, WANTED, SIGNATURE_HEADER);
}
