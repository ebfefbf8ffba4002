/** Reads an event of Emporix; loaded by servers that have an endpoint for them. */
import {
  eventKey,
  readEventId,
  readEventTime,
  type ReceivedEvent,
} from "../../lib/events/event.ts";
import { describeMismatches } from "../../lib/events/mismatches.ts";
import { sliceMembers } from "../../lib/util/json_text.ts";
import { canonicalJson } from "../../lib/util/sorted_json.ts";
import { cartSchemas } from "./cart.ts";
import { isCartEventType } from "./event_type.ts";
import { type EventTypeSettings, type ResolvedType, resolveEventType } from "./resolve_type.ts";

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
