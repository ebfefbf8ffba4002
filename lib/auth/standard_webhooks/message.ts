/** A message of Standard Webhooks: its headers, what its signature covers, and how it is made. */
import { concat } from "@std/bytes/concat";
import {
  type Refusal,
  refuseDoubled,
  refuseMalformed,
  refuseMissing,
  refuseTimestamp,
} from "../refusals.ts";
import type { Secret } from "./secret.ts";

/** The parts of a message that its signature covers besides the body, as text. */
export interface MessageHeaders {
  readonly id: string;
  /** Unix seconds. */
  readonly timestamp: string;
  readonly signature: string;
  /** The name of the header that has the signature. */
  readonly header: string;
}

/** The standard's headers, and those of Svix from before it. */
const PREFIXES = ["webhook", "svix"] as const;

/**
 * A token, and what identifiers are also made of. No dot, since `a.1` and `1` would be signed as
 * `a` and `1.1` are; and no comma, since that joins two headers of one name.
 */
const ID = /^[\w!#$%&'*+:;=/@^`|~-]{1,256}$/;

const TIMESTAMP = /^\d{1,12}$/;

const encoder = new TextEncoder();

/**
 * Reads the headers of a message, of the standard (`webhook-*`) or of Svix (`svix-*`).
 *
 * @param headers The request's headers.
 * @returns The three values; `undefined` when one is missing or malformed, or both sets are there:
 * whoever reads the id later could take the one that was not signed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const headers = { "svix-id": "msg_1", "svix-timestamp": "1614265330", "svix-signature": "v1,x" };
 * assertEquals(readMessageHeaders(new Headers(headers))?.id, "msg_1");
 * ```
 */
export function readMessageHeaders(headers: Headers): MessageHeaders | undefined {
  const sets = setsOf(headers);
  const [set] = sets;
  if (set === undefined || sets.length > 1) return undefined;
  const { prefix, id, timestamp, signature } = set;
  if (id === null || timestamp === null || signature === null) return undefined;
  if (!isMessageId(id) || !TIMESTAMP.test(timestamp)) return undefined;
  return { id, timestamp, signature, header: `${prefix}-signature` };
}

function setsOf(headers: Headers) {
  return PREFIXES.map((prefix) => ({
    prefix,
    id: headers.get(`${prefix}-id`),
    timestamp: headers.get(`${prefix}-timestamp`),
    signature: headers.get(`${prefix}-signature`),
  })).filter(({ id, timestamp, signature }) => (id ?? timestamp ?? signature) !== null);
}

/**
 * Says why {@linkcode readMessageHeaders} could not read the headers.
 *
 * @param headers The request's headers.
 * @returns The first reason.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const headers = { "svix-id": "m", "svix-timestamp": "1614265330000", "svix-signature": "v1,x" };
 * assertEquals(
 *   refuseMessageHeaders(new Headers(headers)).what,
 *   "The header svix-timestamp is in milliseconds, wanted seconds since 1970.",
 * );
 * ```
 */
export function refuseMessageHeaders(headers: Headers): Refusal {
  const [set, other] = setsOf(headers);
  if (set === undefined) {
    const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    return refuseMissing(names, headers, "standard-webhooks");
  }
  if (other !== undefined) return refuseDoubled("the headers of Standard Webhooks and of Svix");
  const { prefix, id, timestamp } = set;
  const missing = (["id", "timestamp", "signature"] as const)
    .filter((name) => set[name] === null)
    .map((name) => `${prefix}-${name}`);
  if (missing.length > 0) return refuseMissing(missing, headers, "standard-webhooks");
  if (!isMessageId(id ?? "")) {
    return refuseMalformed(`${prefix}-id`, "1 to 256 letters, digits and signs, without a dot");
  }
  return refuseTimestamp(`${prefix}-timestamp`, timestamp ?? "");
}

/**
 * Tells an id that can be signed without being mistaken for another.
 *
 * @param id The id of a message.
 * @returns Whether it is 1 to 256 letters, digits and signs, with neither a dot nor a comma.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", "msg.1", ""].map(isMessageId), [true, false, false]);
 * ```
 */
export function isMessageId(id: string): boolean {
  return ID.test(id);
}

/**
 * Puts together what is signed: `{id}.{timestamp}.{body}`.
 *
 * @param id The id of the message.
 * @param timestamp Unix seconds, as the header has them.
 * @param body The exact bytes of the body.
 * @returns The bytes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const signed = signedBytes("msg_1", "1614265330", new TextEncoder().encode("{}"));
 * assertEquals(new TextDecoder().decode(signed), "msg_1.1614265330.{}");
 * ```
 */
export function signedBytes(
  id: string,
  timestamp: string,
  body: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  return concat([encoder.encode(`${id}.${timestamp}.`), body]);
}

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
  return `${secret.version},${new Uint8Array(await sign(bytes)).toBase64()}`;
}
