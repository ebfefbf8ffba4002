import type { StoredEvent } from "../outbox.ts";

const LONGEST_VALUE = 200;

/**
 * Names that a config may not set: what the request is made of, and what tells of the event. Those
 * that begin with `webhook-` or `storehook-` belong to them too.
 */
const RESERVED: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Tells whether a header is written by the program itself.
 *
 * @param name The name, in any case.
 * @returns Whether a config may not set it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isReservedHeader("Webhook-Id"), true);
 * assertEquals(isReservedHeader("Authorization"), false);
 * ```
 */
export function isReservedHeader(name: string): boolean {
  return RESERVED.has(name.toLowerCase()) || /^(?:webhook|storehook)-/i.test(name);
}

/**
 * Makes the headers that tell what a request holds.
 *
 * @param event What is forwarded.
 * @param extra Those of the config.
 * @returns All but the ones of the signature.
 */
export function eventHeaders(event: StoredEvent, extra: Readonly<Record<string, string>>): Headers {
  const headers = new Headers(extra);
  if (!headers.has("user-agent")) headers.set("user-agent", "Storehook");
  headers.set("content-type", "application/json");
  headers.set("webhook-id", event.id);
  headers.set("storehook-source", headerValue(event.source));
  if (event.type !== "") headers.set("storehook-event-type", headerValue(event.type));
  return headers;
}

/**
 * Writes a text that a stranger chose so that it is one value of a header, and nothing else.
 *
 * @param text The text.
 * @returns It, with everything but visible ASCII encoded as in a URL; shortened when it is long.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(headerValue("cart.created"), "cart.created");
 * assertEquals(headerValue("a\r\nb: é"), "a%0D%0Ab:%20%C3%A9");
 * ```
 */
export function headerValue(text: string): string {
  return text.slice(0, LONGEST_VALUE).toWellFormed()
    .replaceAll(/[^\x21-\x7e]+/g, encodeURIComponent);
}
