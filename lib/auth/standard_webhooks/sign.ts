import { encodeBase64 } from "@std/encoding/base64";
import { isMessageId, signedBytes } from "./message.ts";
import type { Secret } from "./secret.ts";

/** A message that is sent. */
export interface WebhookMessage {
  /** The same on every attempt. Neither a dot nor a comma in it. */
  readonly id: string;
  /** When this attempt is made, in whole Unix seconds. */
  readonly timestamp: number;
  /** The exact bytes that are sent. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Twelve digits, as many as a receiver reads. */
const MAX_TIMESTAMP = 999_999_999_999;

/**
 * Signs a message by Standard Webhooks.
 *
 * @param secret What `parseSecret` made of a `whsec_` or `whsk_` secret.
 * @param message The message.
 * @returns The value of `webhook-signature`, such as `v1,K5oZfz…`. Several are joined by a space.
 * @throws {RangeError} When the secret is a public key, or its halves don't belong together; when
 * the id or the timestamp is one that receivers refuse.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseSecret } from "./secret.ts";
 *
 * const secret = parseSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
 * const body = new TextEncoder().encode('{"test": 2432232314}');
 * assertEquals(
 *   await signWebhook(secret, { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1614265330, body }),
 *   "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
 * );
 * ```
 */
export async function signWebhook(
  secret: Secret,
  { id, timestamp, body }: WebhookMessage,
): Promise<string> {
  if (!isMessageId(id)) {
    throw new RangeError(
      `Cannot sign a webhook with the id ${JSON.stringify(id)}: ` +
        "1 to 256 letters, digits and signs are allowed, but no dot, comma or space",
    );
  }
  if (!Number.isInteger(timestamp) || timestamp < 0 || timestamp > MAX_TIMESTAMP) {
    throw new RangeError(
      `Cannot sign a webhook with the timestamp ${timestamp}: it is not in whole Unix seconds`,
    );
  }
  const { sign } = await secret.keys();
  if (sign === undefined) {
    throw new RangeError("Cannot sign a webhook: the secret is a public key, which verifies only");
  }
  const bytes = signedBytes(id, String(timestamp), body);
  return `${secret.version},${encodeBase64(await sign(bytes))}`;
}
