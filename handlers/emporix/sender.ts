import { EMPORIX_SIGNATURE_HEADER } from "../../lib/auth/emporix/emporix_signature.ts";
import { signEmporixEvent } from "../../lib/auth/emporix/sign.ts";
import { isWebhookSecret, webhookHeaders } from "../event_sender.ts";
import type { Sender, Sending } from "../sender.ts";
import { readKnownEventType } from "./names.ts";

/** What the sample is. */
const SAMPLE_TYPE = "cart.created";

/** Sends as the HTTP provider of Emporix does, and as Svix where the key is one of Svix. */
export const emporixSender: Sender = {
  key: "the secret key of the HTTP provider, or whsec_… for Svix",
  status: 204,
  async prepare(sending) {
    const { key, body } = sending;
    return {
      url: addressOf(sending),
      headers: {
        "Content-Type": "application/json",
        "emporix-event-publish-time": new Date().toISOString(),
        ...(isWebhookSecret(key)
          ? await webhookHeaders("svix", key, body)
          : { [EMPORIX_SIGNATURE_HEADER]: await signEmporixEvent(key, body) }),
      },
    };
  },
  newKey: () => crypto.randomUUID(),
  settings: (key) => ({ auth: { type: "emporix", secrets: [key] } }),
};

/** The sample's type goes below the endpoint. What another body is, nobody but its sender knows. */
function addressOf({ url, isSample }: Sending): string {
  const address = new URL(url);
  const path = address.pathname.replace(/\/+$/, "");
  const last = path.slice(path.lastIndexOf("/") + 1);
  const isSaid = readKnownEventType(last) !== undefined || address.searchParams.has("event");
  if (isSample && !isSaid) address.pathname = `${path}/${SAMPLE_TYPE}`;
  return address.href;
}
