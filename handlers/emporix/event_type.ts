/**
 * The names of Emporix's event types.
 *
 * Sources: the vendor's page on cart events, and its pages on the events of the other services at
 * https://developer.emporix.io/api-references (Webhooks).
 */

/** The event types that have a schema here. */
export const CART_EVENT_TYPES = [
  "cart.created",
  "cart.updated",
  "cart.merged",
  "cart.closed",
  "cart.item-added",
  "cart.item-updated",
  "cart.item-deleted",
] as const;

/** One of the seven cart events. */
export type CartEventType = typeof CART_EVENT_TYPES[number];

/** What stands before the first dot of a name. */
const KNOWN_PREFIXES: ReadonlySet<string> = new Set([
  "assignment",
  "availability",
  "cart",
  "catalog",
  "category",
  "client-management",
  "customer",
  "customer-segment",
  "index",
  "index-item",
  "order",
  "price",
  "price-list",
  "price-list-price",
  "price-model",
  "product",
  "quote",
  "return",
  "schema",
  "site",
  "vendor",
]);

const NAME = /^[a-z\d]+(?:[-_][a-z\d]+)*(?:\.[a-z\d]+(?:[-_][a-z\d]+)*)+$/;
const LONGEST_NAME = 100;

/** Whether a type is one of the seven cart events. */
export function isCartEventType(type: string): type is CartEventType {
  return CART_EVENT_TYPES.some((known) => known === type);
}

/**
 * Reads an event type that somebody wrote on purpose, e.g. into a URL.
 *
 * @param text The text, in any case: the vendor writes `cart.created` and `PRODUCT.CREATED`.
 * @returns The name in lower case, the vendor's own spelling; `undefined` when it is no
 * `word.word`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readEventType("Cart.Item-Added"), "cart.item-added");
 * assertEquals(readEventType("customer.logged.in"), "customer.logged.in");
 * assertEquals(readEventType("cart"), undefined);
 * ```
 */
export function readEventType(text: string): string | undefined {
  if (text.length > LONGEST_NAME) return undefined;
  const name = text.trim().toLowerCase();
  return NAME.test(name) ? name : undefined;
}

/**
 * Reads an event type where the text could as well be something else.
 *
 * @param value Any value of a document.
 * @returns The name, when it is one of a service whose events are known.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readKnownEventType("order.created"), "order.created");
 * assertEquals(readKnownEventType("shop.example"), undefined);
 * assertEquals(readKnownEventType(7), undefined);
 * ```
 */
export function readKnownEventType(value: unknown): string | undefined {
  const name = typeof value === "string" ? readEventType(value) : undefined;
  if (name === undefined) return undefined;
  if (isCartEventType(name)) return name;
  const [prefix = ""] = name.split(".", 1);
  return prefix !== "cart" && KNOWN_PREFIXES.has(prefix) ? name : undefined;
}

/** What happens to the objects of the services whose events are known. */
const KNOWN_VERBS: ReadonlySet<string> = new Set([
  "created",
  "updated",
  "deleted",
  "changed",
  "status-changed",
]);

/**
 * Whether a type is a name of the platform's own in both its parts.
 *
 * @param type The type.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["cart.item-added", "order.created"].every(isPlatformEventType), true);
 * assertEquals(isPlatformEventType("customer.jane"), false);
 * ```
 */
export function isPlatformEventType(type: string): boolean {
  if (isCartEventType(type)) return true;
  const [prefix = "", verb = "", ...more] = type.split(".");
  return prefix !== "cart" && more.length === 0 && KNOWN_PREFIXES.has(prefix) &&
    KNOWN_VERBS.has(verb);
}

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
