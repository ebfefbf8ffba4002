import { decodeBase64 } from "@std/encoding/base64";
import { importHmacKey } from "../hmac.ts";
import { importPrivateKey, importPublicKey, isWeakPublicKey, type WebhookKeys } from "./ed25519.ts";

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
  return {
    sign: async (message) => new Uint8Array(await crypto.subtle.sign("HMAC", key, message)),
    verify: (signature, message) => crypto.subtle.verify("HMAC", key, signature, message),
  };
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  if (base64 === "") throw wrong("it is empty");
  if (base64.trim() !== base64) throw wrong("it has white space around it");
  if (/^\w+_/.test(base64)) throw wrong('it has a prefix other than "whsec_", "whpk_" or "whsk_"');
  if (!BASE64.test(base64)) throw wrong("it is not Base64 in the standard alphabet with padding");
  return decodeBase64(base64);
}

function wrongLength(wanted: string, { length }: Uint8Array): RangeError {
  return wrong(`${wanted}, this one has ${length}`);
}

function wrong(how: string): RangeError {
  return new RangeError(`Cannot read a webhook secret: ${how}`);
}
