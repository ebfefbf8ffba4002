import { hash } from "../util/hash.ts";

/** Keeps the fingerprint from being the hash of anything else. */
const DOMAIN = "storehook key fingerprint\0";
const DIGITS = 8;

/**
 * Names a key without telling it: the name is the same in every config, journal and metric, at
 * whatever position the key stands.
 *
 * @param key The key's text. The prefix `whsec_` says nothing of the key, and may be missing.
 * @returns Eight digits in hex, the beginning of a SHA-256.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(keyFingerprint("my-signature-key"), "d2d1c1a7");
 * assertEquals(keyFingerprint("whsec_MfKQ"), keyFingerprint("MfKQ"));
 * ```
 */
export function keyFingerprint(key: string): string {
  return hash("sha256", DOMAIN, key.replace(/^whsec_/, "")).toHex().slice(0, DIGITS);
}
