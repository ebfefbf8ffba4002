import * as z from "zod";
import { readMessageHeaders } from "../lib/auth/standard_webhooks/message.ts";
import { eventKey, readEventTime } from "../lib/events/event.ts";
import { lazy } from "../lib/util/memory.ts";
import { canonicalJson } from "../lib/util/sorted_json.ts";
import {
  basicAuth,
  basicHeaders,
  newWebhookSecret,
  noAuth,
  openAuth,
  standardWebhooksAuth,
  webhookHeaders,
} from "./event_auth.ts";
import { defineHandler, type Sender } from "./handler.ts";

/** Sends as the standard says, or with HTTP Basic. */
const webhookSender: Sender = {
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

const settings = z.strictObject({
  auth: z.discriminatedUnion("type", [standardWebhooksAuth, basicAuth, noAuth]).meta({
    description: "`standard-webhooks` for a sender that follows the standard.",
  }),
  source: z.string().regex(/^[\w.-]+$/, "wanted letters, digits, ., - or _").default("webhooks")
    .meta({ description: "What the events' source is called." }),
});

/** What the standard recommends for a payload: `type`, `timestamp` and `data`. */
const envelope = z.object({
  type: z.string().catch(""),
  timestamp: z.string().catch(""),
}).catch({ type: "", timestamp: "" });

/** The events of any sender that follows Standard Webhooks. */
export const webhookEventsHandler = defineHandler({
  kind: "events",
  summary: "takes in the events of any sender of Standard Webhooks",
  settings,
  hasEvents: true,
  sample: {
    request: { type: "example.created", timestamp: "2026-01-01T00:00:00Z", data: { id: "1" } },
    check: () => "wanted no body",
    sender: webhookSender,
  },
  wire: {
    request: lazy(() =>
      z.unknown().meta({
        description: "Any JSON. The standard recommends an object with type, timestamp and data.",
      })
    ),
  },
  async open({ auth, source }, context) {
    return {
      auth: await openAuth(auth, context),
      rules: [],
      ingestion: { below: false, json: true },
      answer({ document, body, headers }) {
        const { type, timestamp } = envelope.parse(document);
        const id = readMessageHeaders(headers)?.id;
        const json = new TextDecoder().decode(body).trim();
        const content = eventKey([type, canonicalJson(json)]);
        return {
          result: null,
          decisions: [],
          events: [{
            source,
            type: type.toWellFormed(),
            candidates: [],
            subject: "",
            ...(id === undefined ? { key: content } : { key: id, content }),
            occurredAt: readEventTime(timestamp),
            warnings: type === "" ? ["type: found nothing, wanted the type of the event"] : [],
            payload: new TextEncoder().encode(json),
          }],
        };
      },
    };
  },
});
