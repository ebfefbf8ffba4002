/** Settings that the endpoints for events share. */
import * as z from "zod";
import { createBasic } from "../lib/auth/basic.ts";
import type { Authenticator } from "../lib/auth/authenticator.ts";
import {
  createEmporixSignature,
  MOST_CANONICAL_BYTES,
} from "../lib/auth/emporix/emporix_signature.ts";
import { createNone } from "../lib/auth/none.ts";
import { refuseEverybody } from "../lib/auth/refusals.ts";
import { createStandardWebhooks } from "../lib/auth/standard_webhooks/standard_webhooks.ts";
import type { OpenContext } from "../lib/config/endpoints/endpoint_kind.ts";

const secrets = z.array(z.string().regex(/\S/, "wanted a secret, found white space alone")).min(1)
  .meta({ description: "Any of them verifies; several are active while one is changed." });

/** HTTP Basic. */
export const basicAuth = z.strictObject({
  type: z.literal("basic").meta({ description: "HTTP Basic." }),
  username: z.string().min(1).meta({ description: "The sender's user name." }),
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
    context.report(["auth"], error.message);
    return NOBODY;
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
