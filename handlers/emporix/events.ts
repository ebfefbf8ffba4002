import * as z from "zod";
import { readMessageHeaders } from "../../lib/auth/standard_webhooks/message.ts";
import { emporixAuth, openAuth, standardWebhooksAuth } from "../event_settings.ts";
import { defineHandler } from "../handler.ts";
import { readEmporixEvent } from "./read_event.ts";
import cartCreated from "./samples/cart.created.json" with { type: "json" };
import { emporixSender } from "./sender.ts";

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
  sample: {
    request: cartCreated,
    check: () => "wanted no body",
    sender: emporixSender,
  },
  wire: {
    request: z.unknown().meta({
      description: "Any JSON. What does not fit a known event is kept with a warning.",
    }),
    below: { name: "type", description: "The event's type: cart.created.", needed: false },
  },
  async open({ auth, typeHeader }, context) {
    const isSvix = auth.type === "standard-webhooks";
    return {
      auth: await openAuth(auth, context),
      rules: [],
      intake: { below: true, json: true },
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
