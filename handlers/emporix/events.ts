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
import { defineHandler, type Sender, type Sending } from "../handler.ts";
import { canonicalJson } from "../../lib/util/sorted_json.ts";
import {
  eventKey,
  readEventId,
  readEventTime,
  type ReceivedEvent,
} from "../../lib/events/event.ts";
import { sliceMembers } from "../../lib/util/json_text.ts";
import { describeMismatches } from "../../lib/events/mismatches.ts";
import {
  type EventTypeSettings,
  isCartEventType,
  isPlatformEventType,
  readKnownEventType,
  type ResolvedType,
  resolveEventType,
} from "./event_type.ts";
import { cartSchemas } from "./cart.ts";

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

/** A verified delivery of Emporix. */
export interface EmporixDelivery {
  /** The exact bytes, which `decodeJson` accepted. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** What `decodeJson` made of them. */
  readonly document: unknown;
  readonly url: URL;
  readonly headers: Headers;
  readonly settings: EventTypeSettings;
  /** The header `emporix-event-publish-time`; `""` without it. */
  readonly publishTime: string;
  /** The header `svix-id` or `webhook-id`, when the delivery came by Svix. */
  readonly messageId?: string | undefined;
}

const encoder = new TextEncoder();

/**
 * Reads the event of a delivery. Whatever the body is, it is an event: what does not fit becomes a
 * warning.
 *
 * @param delivery The delivery.
 * @returns The event.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const json = '{"cartId":"5c9a","itemId":"i-1","quantity":"2"}';
 * const event = readEmporixEvent({
 *   body: new TextEncoder().encode(json),
 *   document: JSON.parse(json),
 *   url: new URL("https://hooks.example/emporix/cart.item-added"),
 *   headers: new Headers(),
 *   settings: { endpointPath: "/emporix" },
 *   publishTime: "2026-08-01T10:00:00Z",
 * });
 * assertEquals(event.type, "cart.item-added");
 * assertEquals(event.subject, "cart/5c9a");
 * assertEquals(event.warnings, ['quantity: found "2", wanted a number']);
 * ```
 */
export function readEmporixEvent(delivery: EmporixDelivery): ReceivedEvent {
  const { document, publishTime, messageId } = delivery;
  const resolved = resolveEventType(delivery);
  const { type, candidates, member } = resolved;
  const json = eventText(delivery.body, member);
  const event = member === undefined ? document : memberOf(document, member);
  const content = [type, canonicalJson(json)];
  const key = eventKey([...content, publishTime]);
  return {
    source: "emporix",
    type,
    candidates,
    subject: subjectOf(resolved, event, json),
    ...(messageId !== undefined
      ? { key: messageId, content: eventKey(content) }
      // A time tells the event from others that say the same, as an id would.
      : publishTime === ""
      ? { key }
      : { key, content: key }),
    occurredAt: readEventTime(publishTime),
    warnings: [...resolved.warnings, ...warningsOf(type, event)],
    payload: encoder.encode(json),
  };
}

/** The event's own text: the body without what stands around it, or the wrapper's member. */
function eventText(body: Uint8Array<ArrayBuffer>, member: string | undefined): string {
  const json = new TextDecoder().decode(body).trim();
  if (member === undefined) return json;
  // Of a name that stands twice the last one counts, as for `JSON.parse`.
  return sliceMembers(json)?.findLast(({ name }) => name === member)?.text ?? json;
}

function memberOf(document: unknown, name: string): unknown {
  return typeof document === "object" && document !== null
    ? Reflect.get(document, name)
    : undefined;
}

function warningsOf(type: string, event: unknown): readonly string[] {
  if (type === "") return [];
  if (!isCartEventType(type)) return [`no schema for ${type}`];
  return describeMismatches(cartSchemas[type], event);
}

/** `cart/…` by `cartId` or `id`; for other types the word before the dot, and `id`. */
function subjectOf({ type, candidates }: ResolvedType, event: unknown, json: string): string {
  const [kind = ""] = (type === "" ? candidates[0] ?? "" : type).split(".", 1);
  if (kind === "") return "";
  const id = (kind === "cart" ? readEventId(event, "cartId", json) : "") ||
    readEventId(event, "id", json);
  return id === "" ? "" : `${kind}/${id}`;
}
