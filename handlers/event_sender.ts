/** What the platforms that send events have in common. */
import { encodeBase64 } from "@std/encoding/base64";
import { parseSecret } from "../lib/auth/standard_webhooks/secret.ts";
import { signWebhook } from "../lib/auth/standard_webhooks/sign.ts";

/** The headers of a message that is sent for the first time. */
export type SentHeaders = Readonly<Record<string, string>>;

const SECRET_BYTES = 32;

/** Makes a fresh secret of Standard Webhooks. */
export function newWebhookSecret(): string {
  return `whsec_${encodeBase64(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)))}`;
}

/**
 * Tells a secret that signs by Standard Webhooks.
 *
 * @param key What was given as the key.
 * @returns Whether it says so by how it begins.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["whsec_MfKQ", "password123"].map(isWebhookSecret), [true, false]);
 * ```
 */
export function isWebhookSecret(key: string): boolean {
  return /^wh(?:sec|sk)_/.test(key);
}

/**
 * Signs a message by Standard Webhooks, with an id of its own and the present time.
 *
 * @param prefix What the headers' names begin with.
 * @param key A `whsec_` or `whsk_` secret.
 * @param body The exact bytes that are sent.
 * @returns The three headers.
 * @throws {RangeError} When the secret can't sign. The message never holds it.
 */
export async function webhookHeaders(
  prefix: "webhook" | "svix",
  key: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<SentHeaders> {
  const id = `msg_${crypto.randomUUID().replaceAll("-", "")}`;
  const timestamp = Math.floor(Date.now() / 1000);
  return {
    [`${prefix}-id`]: id,
    [`${prefix}-timestamp`]: String(timestamp),
    [`${prefix}-signature`]: await signWebhook(parseSecret(key), { id, timestamp, body }),
  };
}

/**
 * Writes the header of HTTP Basic.
 *
 * @param key The user name and the password, with a colon between them.
 * @returns The header.
 * @throws {RangeError} When there is no colon. The message never holds the key.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(basicHeaders("ann:secret"), { Authorization: `Basic ${btoa("ann:secret")}` });
 * ```
 */
export function basicHeaders(key: string): SentHeaders {
  if (!key.includes(":")) {
    throw new RangeError('Cannot use the key: wanted a user name and a password, "user:password"');
  }
  return { Authorization: `Basic ${encodeBase64(new TextEncoder().encode(key))}` };
}
