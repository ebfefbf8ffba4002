import { hash } from "../util/hash.ts";
import type { Refusal } from "./refusals.ts";

/** Who sent a delivery, as far as a signature tells. */
export interface Verified {
  /** Position of the key that verified, from 0, in the endpoint's list of keys. */
  readonly keyIndex: number;
  /**
   * What matched, for the journal and the log, e.g. `key 3f2a91bc`: a key by its fingerprint, so
   * that the name stays when keys come and go. Never the key itself.
   */
  readonly by: string;
  /** What those who run the server should know of it all the same, in a sentence. */
  readonly warning?: string;
}

/** What came of a verification: who sent it, or why it is refused. */
export type Verification = Verified | Refusal;

/** How a caller proves who it is, for the description of all HTTP. */
export type AuthScheme =
  | "x-signature"
  | "emporix-signature"
  | "standard-webhooks"
  | "basic"
  | "none";

/** The headers that a signature adds to an answer. */
export type SignatureHeaders = Readonly<Record<string, string>>;

/** How a request arrived, beside its headers and its body. */
export interface Arrival {
  /** Who sent it. */
  readonly remoteAddress: string;
  /** Reads where it was sent to. No getter, for what it leaves behind: see docs/architecture.md. */
  readonly url: () => URL;
}

/**
 * How one endpoint knows its caller, and how its caller knows the answer.
 *
 * Both work on bytes: on exactly those that were received and on exactly those that are written.
 */
export interface Authenticator {
  readonly scheme: AuthScheme;

  /** The fingerprints of the keys of which any verifies, in their order; none of passwords. */
  readonly keyFingerprints: readonly string[];

  /**
   * The headers of a 401 that tell a caller how to prove who it is, such as `WWW-Authenticate`;
   * absent where no standard names one.
   */
  readonly challenge?: Readonly<Record<string, string>>;

  /**
   * Verifies a request.
   *
   * @param headers The request's headers.
   * @param body The exact bytes of the body.
   * @param arrival How it arrived; only what counts by address or looks at the URL needs it.
   * @returns Who sent it, or why that is not known; never throws for bad input.
   */
  verify(
    headers: Headers,
    body: Uint8Array<ArrayBuffer>,
    arrival?: Arrival,
  ): Verification | Promise<Verification>;

  /**
   * Signs an answer.
   *
   * @param body The exact bytes that will be written.
   * @param verified What {@linkcode Authenticator.verify} returned; without it the first key signs.
   * @returns The headers to add, empty where the platform wants no signature.
   */
  sign(
    body: Uint8Array<ArrayBuffer>,
    verified?: Verified,
  ): SignatureHeaders | Promise<SignatureHeaders>;
}

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
 * assertEquals(keyFingerprint("my-signature-key"), "a03ce6ab");
 * assertEquals(keyFingerprint("whsec_MfKQ"), keyFingerprint("MfKQ"));
 * ```
 */
export function keyFingerprint(key: string): string {
  return hash("sha256", DOMAIN, key.replace(/^whsec_/, "")).toHex().slice(0, DIGITS);
}

/** The hash functions of the signatures that platforms make. */
export type HmacHash = "SHA-256" | "SHA-512";

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
