import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { CART_EVENT_TYPES, eventsConfiguration } from "../../../handlers/emporix/event_type.ts";
import { resolveEventType } from "../../../handlers/emporix/resolve_type.ts";

Deno.test("eventsConfiguration() gives each type a URL of its own", () => {
  assertEquals(
    eventsConfiguration("https://hooks.example/shop/emporix/", [
      "cart.created",
      "ORDER.CREATED",
      "Cart.Created",
    ]),
    [
      {
        eventType: "cart.created",
        destinationUrl: "https://hooks.example/shop/emporix/cart.created",
      },
      {
        eventType: "order.created",
        destinationUrl: "https://hooks.example/shop/emporix/order.created",
      },
    ],
  );
});

Deno.test("eventsConfiguration() keeps a query and drops a fragment", () => {
  assertEquals(eventsConfiguration("https://hooks.example?t=1#top", ["cart.closed"]), [
    { eventType: "cart.closed", destinationUrl: "https://hooks.example/cart.closed?t=1" },
  ]);
});

Deno.test("eventsConfiguration() names URLs from which the type is read again", () => {
  for (const entry of eventsConfiguration("https://hooks.example/emporix", CART_EVENT_TYPES)) {
    const resolved = resolveEventType({
      url: new URL(entry.destinationUrl),
      headers: new Headers(),
      settings: { endpointPath: "/emporix" },
      document: {},
    });
    assertEquals(resolved.type, entry.eventType);
  }
});

Deno.test("eventsConfiguration() refuses a URL that is none", () => {
  for (const url of ["hooks.example", "ftp://hooks.example", ""]) {
    const error = assertThrows(() => eventsConfiguration(url, []), TypeError);
    assertEquals(error.message, `Cannot use the URL "${url}": it needs http:// or https://`);
  }
});

Deno.test("eventsConfiguration() refuses a type without a dot", () => {
  const error = assertThrows(() => eventsConfiguration("https://a.example", ["cart"]), TypeError);
  assertEquals(
    error.message,
    'Cannot use the event type "cart": it needs the form "cart.created"',
  );
});

const CART = { id: "5c9a", currency: "EUR", siteCode: "main" };
const WRAPPED = { type: "cart.merged", payload: CART };
const UNTOLD = "no event type in the URL, a header or a wrapper";

interface Case {
  readonly path?: string;
  readonly header?: string;
  readonly document?: unknown;
  readonly endpointPath?: string;
}

function resolve({ path = "/emporix", header, document = CART, endpointPath = "/emporix" }: Case) {
  return resolveEventType({
    url: new URL(`https://hooks.example${path}`),
    headers: new Headers(header === undefined ? {} : { "X-Event": header }),
    settings: { endpointPath, typeHeader: "x-event" },
    document,
  });
}

const TOLD: readonly (readonly [what: string, given: Case, type: string])[] = [
  ["the path", { path: "/emporix/cart.created" }, "cart.created"],
  ["the path with a slash at its end", { path: "/emporix/cart.created/" }, "cart.created"],
  ["the path in upper case", { path: "/emporix/CART.ITEM-ADDED" }, "cart.item-added"],
  ["an encoded path", { path: "/emporix/cart%2Ecreated" }, "cart.created"],
  ["the path below the root", { path: "/cart.closed", endpointPath: "/" }, "cart.closed"],
  ["a path with a type that has no schema", { path: "/emporix/Order.Created" }, "order.created"],
  ["a path with two dots", { path: "/emporix/customer.logged.in" }, "customer.logged.in"],
  ["the query", { path: "/emporix?event=Cart.Updated" }, "cart.updated"],
  ["the header", { header: "CART.CLOSED" }, "cart.closed"],
  ["the path before the query", { path: "/emporix/a.b?event=c.d" }, "a.b"],
  ["the query before the header", { path: "/emporix?event=c.d", header: "e.f" }, "c.d"],
  ["the header before the wrapper", { header: "cart.merged", document: WRAPPED }, "cart.merged"],
];

for (const [what, given, type] of TOLD) {
  Deno.test(`resolveEventType() reads ${what}`, () => {
    const resolved = resolve(given);
    assertEquals(resolved.type, type);
    assertEquals(resolved.candidates, []);
    assertEquals(resolved.warnings, []);
  });
}

const WRAPPERS: readonly (readonly [document: unknown, type: string, member: string])[] = [
  [{ type: "cart.created", payload: CART }, "cart.created", "payload"],
  [{ eventType: "PRODUCT.CREATED", data: CART }, "product.created", "data"],
  [{ type: "x", eventType: "cart.closed", data: null, payload: {} }, "cart.closed", "payload"],
  [{ type: "cart.closed", payload: "text", data: {} }, "cart.closed", "data"],
];

for (const [document, type, member] of WRAPPERS) {
  Deno.test(`resolveEventType() opens the wrapper ${JSON.stringify(document)}`, () => {
    assertEquals(resolve({ document }), { type, candidates: [], member, warnings: [] });
  });
}

Deno.test("resolveEventType() lets the URL win over the wrapper, and says so", () => {
  assertEquals(resolve({ path: "/emporix/cart.created", document: WRAPPED }), {
    type: "cart.created",
    candidates: [],
    member: "payload",
    warnings: ["the delivery says cart.created, the wrapper says cart.merged"],
  });
});

const CARTS = ["cart.created", "cart.updated", "cart.merged", "cart.closed"];
const WRITTEN = ["cart.item-added", "cart.item-updated"];
const UNRESOLVED: readonly (readonly [document: unknown, candidates: readonly string[]])[] = [
  [CART, CARTS],
  [{ ...CART, brandNew: 1 }, CARTS],
  [{ ...CART, items: [] }, ["cart.updated"]],
  [{ cartId: "5c9a", itemId: "i-1", quantity: 2 }, WRITTEN],
  [{ tenant: "acme", cartId: "5c9a", itemId: "i-1" }, [...WRITTEN, "cart.item-deleted"]],
  [{ cartId: "5c9a", itemId: "i-1", quantity: "2" }, ["cart.item-deleted"]],
  [{ id: 5 }, []],
  [{ id: "o-1", entries: [], customer: {}, created: "" }, []],
  [{}, []],
  [[CART], []],
  [null, []],
  ["cart.created", []],
  [{ ...CART, type: "cart.created" }, ["cart.updated"]],
  [{ type: "cart.created", id: "5c9a" }, ["cart.updated"]],
  [{ type: "shop.example", payload: {} }, []],
  [{ type: "cart.unheard-of", payload: {} }, []],
  [{ type: "cart.created", payload: [] }, []],
];

for (const [document, candidates] of UNRESOLVED) {
  Deno.test(`resolveEventType() does not guess from ${JSON.stringify(document)}`, () => {
    assertEquals(resolve({ document }), {
      type: "",
      candidates,
      member: undefined,
      warnings: [UNTOLD],
    });
  });
}

Deno.test("resolveEventType() warns of a path that is no type, without quoting it", () => {
  for (const path of ["/emporix/s3cret", "/emporix/a/cart.created", "/emporix/%ff"]) {
    assertEquals(resolve({ path, header: "cart.created" }), {
      type: "cart.created",
      candidates: [],
      member: undefined,
      warnings: ["the path below the endpoint is no event type"],
    });
  }
});

Deno.test("resolveEventType() takes no other path for a part of the endpoint's", () => {
  assertEquals(resolve({ path: "/emporix.other/cart.created" }).type, "");
  // Were it read without its slash, the rest would be a type.
  assertEquals(resolve({ path: "/emporixcart.created" }).type, "");
});

Deno.test("resolveEventType() reads only the header that is configured", () => {
  const { type } = resolveEventType({
    url: new URL("https://hooks.example/emporix"),
    headers: new Headers({ "X-Event": "cart.created" }),
    settings: { endpointPath: "/emporix" },
    document: CART,
  });
  assertEquals(type, "");
});

Deno.test("resolveEventType() judges any document", () => {
  fc.assert(fc.property(fc.jsonValue(), (document) => {
    assertEquals(resolve({ document }).type, "");
  }));
});
