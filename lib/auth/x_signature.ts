import { type Authenticator, keyFingerprint } from "./authenticator.ts";
import { readSignature } from "./doctor/signature_variants.ts";
import { importKey, isSignatureText, signBytes, verifySignature } from "./hmac.ts";
import {
  type Refusal,
  refuseDoubled,
  refuseEncoding,
  refuseMalformed,
  refuseMissing,
  refuseSignature,
} from "./refusals.ts";

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
  const [first] = imported;
  if (first === undefined) throw new RangeError("Cannot sign answers: the list of keys is empty");
  const keyFingerprints = keys.map(keyFingerprint);
  return {
    scheme: "x-signature",
    keyFingerprints,
    async verify(headers, body) {
      const signature = headers.get(SIGNATURE_HEADER);
      if (signature === null) return refuseMissing([SIGNATURE_HEADER], headers, "x-signature");
      if (!isSignatureText(signature)) return await refuseText(signature, body, imported);
      const keyIndex = await findKey(imported, signature, body);
      return keyIndex === -1
        ? refuseSignature(SIGNATURE_HEADER, keyFingerprints, "key")
        : { keyIndex, by: `key ${keyFingerprints[keyIndex]}` };
    },
    async sign(body, verified) {
      const key = imported[verified?.keyIndex ?? 0] ?? first;
      return { [SIGNATURE_HEADER]: await signBytes(key, body) };
    },
  };
}

/** One after the other: the first that matches ends it, so a true sender costs one hash mostly. */
async function findKey(
  keys: readonly CryptoKey[],
  signature: string,
  body: Bytes,
): Promise<number> {
  for (const [index, key] of keys.entries()) {
    if (await verifySignature(key, signature, body)) return index;
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
    if (await findKey(keys, value.toBase64(), body) === -1) continue;
    const how = variants.map(({ what }) => what.replace(/^and /, ""));
    const fixes = new Set(variants.map(({ fix }) => fix));
    return refuseEncoding(SIGNATURE_HEADER, how, [...fixes].join(" "));
  }
  return refuseMalformed(SIGNATURE_HEADER, WANTED, SIGNATURE_HEADER);
}
