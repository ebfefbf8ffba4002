import { importHmacKey } from "../authenticator.ts";

/** A secret of Standard Webhooks. What it is made of is out of reach of logs and of JSON. */
export interface Secret {
  /** What its signatures begin with: HMAC-SHA256 or ed25519. */
  readonly version: "v1" | "v1a";
  /** Whether it signs: a public key verifies only. */
  readonly canSign: boolean;
  /**
   * Gives the keys, imported once however often they are asked for.
   *
   * @throws {RangeError} When the two halves of a private key don't belong together.
   */
  keys(): Promise<WebhookKeys>;
}

/** Base64 with its padding: what a sender shows is copied whole. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Reads a secret as senders show it.
 *
 * @param text `whsec_` and 24 to 64 bytes in Base64 for HMAC, the prefix optional; `whpk_` and an
 * ed25519 public key of 32 bytes; or `whsk_` and a private key of 32 bytes, or of 64 with the public
 * key behind it, as Svix writes it.
 * @returns The secret.
 * @throws {RangeError} When it is none of them. The message never holds the secret.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const secret = parseSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
 * assertEquals([secret.version, secret.canSign], ["v1", true]);
 * ```
 */
export function parseSecret(text: string): Secret {
  const prefix = /^(whsec_|whpk_|whsk_)/.exec(text)?.[0] ?? "";
  const bytes = decode(text.slice(prefix.length));
  switch (prefix) {
    case "whpk_":
      if (bytes.length !== 32) throw wrongLength("a public key has 32 bytes", bytes);
      if (isWeakPublicKey(bytes)) throw wrong("anybody could sign with this public key");
      return secretOf("v1a", false, () => importPublicKey(bytes));
    case "whsk_":
      if (bytes.length !== 32 && bytes.length !== 64) {
        throw wrongLength("a private key has 32 bytes, or 64 with its public key", bytes);
      }
      return secretOf("v1a", true, () => importPrivateKey(bytes));
    default:
      if (bytes.length < 24 || bytes.length > 64) {
        throw wrongLength("a secret has 24 to 64 bytes", bytes);
      }
      return secretOf("v1", true, () => importHmac(bytes));
  }
}

function secretOf(
  version: Secret["version"],
  canSign: boolean,
  importKeys: () => Promise<WebhookKeys>,
): Secret {
  let imported: Promise<WebhookKeys> | undefined;
  return { version, canSign, keys: () => imported ??= importKeys() };
}

async function importHmac(bytes: Uint8Array<ArrayBuffer>): Promise<WebhookKeys> {
  const key = await importHmacKey("SHA-256", bytes);
  const sign = async (message: Bytes) =>
    new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
  const verify = (signature: Bytes, message: Bytes) =>
    crypto.subtle.verify("HMAC", key, signature, message);
  return {
    sign,
    verify,
    async verifyAny(signatures, message) {
      const [only] = signatures;
      if (only !== undefined && signatures.length === 1) return await verify(only, message);
      const right = await sign(message);
      // By what the hash makes of both, in constant time: the message itself is hashed no more.
      for (const given of signatures) if (await verify(await sign(given), right)) return true;
      return false;
    },
  };
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  if (base64 === "") throw wrong("it is empty");
  if (base64.trim() !== base64) throw wrong("it has white space around it");
  if (/^\w+_/.test(base64)) throw wrong('it has a prefix other than "whsec_", "whpk_" or "whsk_"');
  if (!BASE64.test(base64)) throw wrong("it is not Base64 in the standard alphabet with padding");
  return Uint8Array.fromBase64(base64);
}

function wrongLength(wanted: string, { length }: Uint8Array): RangeError {
  return wrong(`${wanted}, this one has ${length}`);
}

function wrong(how: string): RangeError {
  return new RangeError(`Cannot read a webhook secret: ${how}`);
}

/** What a secret does, as far as its halves are known. */
export interface WebhookKeys {
  /** Absent where only the public key is known. */
  readonly sign: ((message: Bytes) => Promise<Bytes>) | undefined;
  /** In constant time for HMAC; ed25519 compares nothing that is secret. */
  readonly verify: (signature: Bytes, message: Bytes) => Promise<boolean>;
  /** The same for several, of which one has to be right. For HMAC a message is hashed once. */
  readonly verifyAny: (signatures: readonly Bytes[], message: Bytes) => Promise<boolean>;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** What precedes the 32 bytes of a private key in PKCS #8 (RFC 8410). */
const PKCS8_HEAD = Uint8Array.fromHex("302e020100300506032b657004220420");

/** The highest bit is the sign of the other coordinate: both signs are as weak. */
const SIGN_BIT = 0x80;

/**
 * The points of small order, in each way of writing them. With such a "public key" signatures can
 * be made up without any private key; a placeholder of zeros is one.
 */
const WEAK_KEYS: ReadonlySet<string> = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);

/**
 * Tells a public key with which anybody could sign.
 *
 * @param publicKey 32 bytes.
 * @returns Whether it is a point of small order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isWeakPublicKey(new Uint8Array(32)), true);
 * ```
 */
export function isWeakPublicKey(publicKey: Uint8Array): boolean {
  const unsigned = publicKey.map((byte, index) => index === 31 ? byte & ~SIGN_BIT : byte);
  return WEAK_KEYS.has(unsigned.toHex());
}

/**
 * Imports an ed25519 public key.
 *
 * @param publicKey 32 bytes.
 * @returns What verifies.
 */
async function importPublicKey(publicKey: Uint8Array<ArrayBuffer>): Promise<WebhookKeys> {
  const key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
  const verify = (signature: Bytes, message: Bytes) =>
    crypto.subtle.verify("Ed25519", key, signature, message);
  return {
    sign: undefined,
    verify,
    async verifyAny(signatures, message) {
      for (const given of signatures) if (await verify(given, message)) return true;
      return false;
    },
  };
}

/**
 * Imports an ed25519 private key, and works out its public key.
 *
 * @param privateKey 32 bytes, or 64 with the public key behind them.
 * @returns What signs and verifies.
 * @throws {RangeError} When the public key behind the private one belongs to another.
 */
async function importPrivateKey(privateKey: Uint8Array<ArrayBuffer>): Promise<WebhookKeys> {
  const pkcs8 = Uint8Array.from([...PKCS8_HEAD, ...privateKey.subarray(0, 32)]);
  // Extractable, since exporting is the one way in which WebCrypto gives the public key.
  const whole = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
  const { x = "" } = await crypto.subtle.exportKey("jwk", whole);
  const publicKey = Uint8Array.fromBase64(x, { alphabet: "base64url" });
  if (privateKey.length > 32 && privateKey.subarray(32).toHex() !== publicKey.toHex()) {
    throw new RangeError("Cannot read a webhook secret: its public half belongs to another key");
  }
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", false, ["sign"]);
  return {
    ...await importPublicKey(publicKey),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign("Ed25519", key, message)),
  };
}
