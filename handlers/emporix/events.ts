import * as z from "zod";
import { EMPORIX_SIGNATURE_HEADER, signEmporixEvent } from "../../lib/auth/emporix.ts";
import { readMessageHeaders } from "../../lib/auth/standard_webhooks/message.ts";
import {
  emporixAuth,
  isWebhookSecret,
  openAuth,
  standardWebhooksAuth,
  webhookHeaders,
} from "../event_auth.ts";
import { lazy } from "../../lib/util/memory.ts";
import { defineHandler, type Sender, type Sending } from "../handler.ts";
import { isPlatformEventType, readKnownEventType } from "./event_type.ts";
import cartCreated from "./samples/cart.created.json" with { type: "json" };

/** What the sample is. */
const SAMPLE_TYPE = "cart.created";

/** Sends as the HTTP provider of Emporix does, and as Svix where the key is one of Svix. */
const emporixSender: Sender = {
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
  settings: (key) => ({
    auth: { type: isWebhookSecret(key) ? "standard-webhooks" : "emporix", secrets: [key] },
  }),
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

const settings = z.strictObject({
  auth: z.discriminatedUnion("type", [emporixAuth, standardWebhooksAuth]).meta({
    description: "`emporix` for the HTTP provider, `standard-webhooks` for Svix.",
  }),
  typeHeader: z.string().regex(/^[\w-]+$/, "wanted the name of a header").optional().meta({
    description: "A custom header in which Emporix sends the type of the event.",
  }),
});

/** The events of an Emporix tenant. */
export const emporixEventsHandler = defineHandler({
  kind: "emporix.events",
  summary: "takes in the events of Emporix",
  settings,
  hasEvents: true,
  isKnownType: isPlatformEventType,
  sample: {
    request: cartCreated,
    check: () => "wanted no body",
    sender: emporixSender,
  },
  wire: {
    request: lazy(() =>
      z.unknown().meta({
        description: "Any JSON. What does not fit a known event is kept with a warning.",
      })
    ),
    below: { name: "type", description: "The event's type: cart.created.", needed: false },
  },
  async open({ auth, typeHeader }, context) {
    const isSvix = auth.type === "standard-webhooks";
    // With the schemas of what is read, which take longest of all to make.
    const { readEmporixEvent } = await import("./read_event.ts");
    return {
      auth: await openAuth(auth, context),
      rules: [],
      ingestion: { below: true, json: true },
      answer({ document, body, headers, url }) {
        const event = readEmporixEvent({
          body,
          document,
          url: url(),
          headers,
          settings: { endpointPath: context.path, typeHeader },
          publishTime: headers.get("emporix-event-publish-time") ?? "",
          messageId: isSvix ? readMessageHeaders(headers)?.id : undefined,
        });
        return { result: null, decisions: [], events: [event] };
      },
    };
  },
});
