/** How the senders of events prove who they are: the settings, and what stands in for a sender. */
import * as z from "zod";
import type { Authenticator } from "../lib/auth/authenticator.ts";
import { createBasic, createNone } from "../lib/auth/passwords.ts";
import { createEmporixSignature, MOST_CANONICAL_BYTES } from "../lib/auth/emporix.ts";
import { refuseEverybody } from "../lib/auth/refusals.ts";
import { parseSecret } from "../lib/auth/standard_webhooks/secret.ts";
import { signWebhook } from "../lib/auth/standard_webhooks/message.ts";
import { createStandardWebhooks } from "../lib/auth/standard_webhooks/standard_webhooks.ts";
import type { OpenContext } from "../lib/config/endpoints/endpoint_kind.ts";

const secrets = z.array(z.string().regex(/\S/, "wanted a secret, found white space alone")).min(1)
  .meta({ description: "Any of them verifies; several are active while one is changed." });

/** HTTP Basic. */
export const basicAuth = z.strictObject({
  type: z.literal("basic").meta({ description: "HTTP Basic." }),
  // The colon is where HTTP Basic ends the name.
  username: z.string().min(1).regex(/^[^:]*$/, "wanted a user name without a colon").meta({
    description: "The sender's user name.",
  }),
  password: z.string().min(1).meta({ description: "The sender's password." }),
});

/** Nobody is asked who they are, in so many words. */
export const noAuth = z.strictObject({
  type: z.literal("none").meta({ description: "Nobody is asked: whoever knows the URL may send." }),
});

/** Standard Webhooks and Svix. */
export const standardWebhooksAuth = z.strictObject({
  type: z.literal("standard-webhooks").meta({ description: "Standard Webhooks, and Svix." }),
  secrets: secrets.meta({ description: "`whsec_…` (HMAC-SHA256) or `whpk_…` (ed25519)." }),
});

/** The signature of Emporix's own HTTP provider. */
export const emporixAuth = z.strictObject({
  type: z.literal("emporix").meta({ description: "The signature of Emporix's HTTP provider." }),
  secrets,
  maxCanonicalBytes: z.int().min(0).max(16_777_216).default(MOST_CANONICAL_BYTES).meta({
    description: "The largest body, in bytes, of which the sorted forms are tried where the " +
      "signature does not match the raw bytes. 0 takes the raw bytes alone.",
  }),
});

/** How the caller of an endpoint for events is known. */
export type EventAuth = z.output<
  typeof basicAuth | typeof noAuth | typeof standardWebhooksAuth | typeof emporixAuth
>;

/** Lets nobody in: in the place of one that cannot be opened, which is reported. */
const NOBODY: Authenticator = {
  scheme: "none",
  keyFingerprints: [],
  verify: refuseEverybody,
  sign: () => ({}),
};

/**
 * Opens the `auth` of an endpoint.
 *
 * @param auth The settings.
 * @param context Where a secret of the wrong form is reported.
 */
export async function openAuth(auth: EventAuth, context: OpenContext): Promise<Authenticator> {
  try {
    return await open(auth);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    if ("secrets" in auth) await reportSecrets(auth, context);
    else context.report(["auth"], error.message);
    return NOBODY;
  }
}

async function reportSecrets(
  auth: Extract<EventAuth, { secrets: readonly string[] }>,
  context: OpenContext,
): Promise<void> {
  const hint = "Copy it whole, as the sender shows it";
  for (const [index, secret] of auth.secrets.entries()) {
    try {
      await open({ ...auth, secrets: [secret] });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      context.report(["auth", "secrets", index], error.message, hint);
    }
  }
}

function open(auth: EventAuth): Promise<Authenticator> | Authenticator {
  switch (auth.type) {
    case "basic":
      return createBasic(auth);
    case "none":
      return createNone();
    case "emporix":
      return createEmporixSignature(auth.secrets, auth);
    case "standard-webhooks":
      return createStandardWebhooks(auth.secrets);
  }
}

/** The headers of a message that is sent for the first time. */
export type SentHeaders = Readonly<Record<string, string>>;

const SECRET_BYTES = 32;

/** Makes a fresh secret of Standard Webhooks. */
export function newWebhookSecret(): string {
  return `whsec_${crypto.getRandomValues(new Uint8Array(SECRET_BYTES)).toBase64()}`;
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
  return { Authorization: `Basic ${new TextEncoder().encode(key).toBase64()}` };
}
