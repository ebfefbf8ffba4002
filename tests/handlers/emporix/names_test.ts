import { assertEquals, assertThrows } from "@std/assert";
import { resolveEventType } from "../../../handlers/emporix/event_type.ts";
import { CART_EVENT_TYPES, eventsConfiguration } from "../../../handlers/emporix/names.ts";

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
