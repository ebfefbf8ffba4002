import { assertEquals } from "@std/assert";
import { startReceiver } from "../receiver.ts";
import { startReloadable } from "./reloadable.ts";
import { hmacOf } from "../../hmac.ts";

const SECRET = "password123";

async function send(url: string, body: string): Promise<void> {
  const response = await fetch(`${url}/emporix/cart.created`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "emporix-event-signature": await hmacOf("SHA-256", SECRET, body),
      "emporix-event-publish-time": "2026-08-01T10:00:00Z",
    },
    body,
  });
  assertEquals(response.status, 204);
}

Deno.test("events go to the destinations of the changed config, those that wait too", async () => {
  await using before = startReceiver();
  await using after = startReceiver();
  const configOf = (url: string) => ({
    endpoints: [{
      path: "/emporix",
      kind: "emporix.events",
      auth: { type: "emporix", secrets: [SECRET] },
      forward: ["erp"],
    }],
    destinations: { erp: { type: "http", url, concurrency: 1 } },
  });
  await using server = await startReloadable(configOf(before.url));
  const { url } = server.program;
  const bodies = ["1", "2", "3"].map((id) => `{"cartId":"${id}","tenant":"acme"}`);
  await send(url, bodies[0] ?? "");
  await before.receivedAll(bodies.slice(0, 1));

  // One attempt hangs there, and the next waits behind it.
  before.hold();
  await send(url, bodies[1] ?? "");
  await before.held(1);
  await send(url, bodies[2] ?? "");
  await server.replace(configOf(after.url));
  await server.served(1);
  await after.receivedAll(bodies.slice(2));
  assertEquals(after.count(), 1);
});
