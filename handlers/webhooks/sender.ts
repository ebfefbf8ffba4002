import { basicHeaders, newWebhookSecret, webhookHeaders } from "../event_sender.ts";
import type { Sender } from "../sender.ts";

/** Sends as the standard says, or with HTTP Basic. */
export const webhookSender: Sender = {
  key: "the secret, whsec_… or whsk_…, or user:password",
  status: 204,
  async prepare({ url, body, key }) {
    // No secret of the standard has a colon.
    const headers = key.includes(":")
      ? basicHeaders(key)
      : await webhookHeaders("webhook", key, body);
    return { url, headers: { "Content-Type": "application/json", ...headers } };
  },
  newKey: newWebhookSecret,
  settings: (key) => ({ auth: { type: "standard-webhooks", secrets: [key] } }),
};
