import { readEventType } from "./names.ts";

/** One entry of the vendor's `eventsConfiguration`: where events of a type are sent. */
export interface EventConfiguration {
  readonly eventType: string;
  readonly destinationUrl: string;
}

/**
 * Writes the `eventsConfiguration` of Emporix's HTTP provider: each event type gets a URL of its
 * own, which tells what the body does not.
 *
 * It is the value of `configuration.eventsConfiguration` in the body of
 * `POST /webhook/{tenant}/config` with `"provider": "HTTP"`. An entry without `secretKey` and
 * `headers` is sent with those of the configuration. Source: the schema `EventConfiguration` of the
 * vendor's Webhook Service API (https://developer.emporix.io/api-references, Webhooks, Webhook
 * Service; `webhooks/webhook-service/api-reference/api.yml` in github.com/emporix/api-references).
 *
 * @param endpointUrl The endpoint's public URL, e.g. `https://hooks.example/emporix`. A query is
 * kept.
 * @param types The event types; each is listed once.
 * @returns An entry for each type, in order.
 * @throws {TypeError} When the URL is not one of `http:` or `https:`, or a type has no dot.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(eventsConfiguration("https://hooks.example/emporix", ["CART.CREATED"]), [
 *   { eventType: "cart.created", destinationUrl: "https://hooks.example/emporix/cart.created" },
 * ]);
 * ```
 */
export function eventsConfiguration(
  endpointUrl: string,
  types: readonly string[],
): readonly EventConfiguration[] {
  const base = URL.parse(endpointUrl);
  if (base === null || !["http:", "https:"].includes(base.protocol)) {
    throw new TypeError(`Cannot use the URL "${endpointUrl}": it needs http:// or https://`);
  }
  const names = types.map((type) => {
    const name = readEventType(type);
    if (name !== undefined) return name;
    throw new TypeError(`Cannot use the event type "${type}": it needs the form "cart.created"`);
  });
  return [...new Set(names)].map((eventType) => {
    const url = new URL(base);
    url.pathname = `${base.pathname.replace(/\/+$/, "")}/${eventType}`;
    url.hash = "";
    return { eventType, destinationUrl: url.href };
  });
}
