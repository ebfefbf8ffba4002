/** What stays unreadable of a refused delivery: by the journal of a server. */
import { assertEquals } from "@std/assert";
import { hmacOf } from "../../hmac.ts";
import { BODY, EMPORIX, KEY, type Sent, TOKEN, withServer } from "./refusals_world.ts";

Deno.test("a right signature stays unreadable, whatever the delivery is refused for", async () => {
  const right = await hmacOf("SHA-512", KEY, BODY);
  const rightOfNothing = await hmacOf("SHA-512", KEY, "");
  const emporix = await hmacOf("SHA-256", EMPORIX, BODY);
  const hex = Uint8Array.fromBase64(right).toHex();
  const refused: Readonly<Record<string, Sent & { readonly status: number }>> = {
    "from-elsewhere": { path: "/far", headers: { "X-Signature": right }, status: 401 },
    "emporix-elsewhere": {
      path: "/emporix-far/cart.created",
      headers: { "emporix-event-signature": emporix },
      status: 401,
    },
    "other-type": {
      path: "/near",
      headers: { "X-Signature": right, "Content-Type": "text/plain" },
      status: 415,
    },
    "other-method": {
      path: "/near",
      headers: { "X-Signature": rightOfNothing },
      method: "GET",
      status: 405,
    },
    "put": { path: "/near", headers: { "X-Signature": right }, method: "PUT", status: 405 },
    "of-another-endpoint": { path: "/other", headers: { "X-Signature": right }, status: 401 },
    "in-hex": { path: "/near", headers: { "X-Signature": hex }, status: 401 },
    "twice": { path: "/near", headers: { "X-Signature": `${right}, ${right}` }, status: 401 },
    "of-another-scheme": {
      path: "/events",
      headers: { "X-Signature": right, "emporix-event-signature": emporix },
      status: 401,
    },
  };
  await withServer(async ({ send, kept }) => {
    for (const [id, { status, ...sent }] of Object.entries(refused)) {
      const headers = { ...sent.headers, "X-Request-Id": id };
      assertEquals([id, await send({ ...sent, headers })], [id, status]);
      const { verifiedBy, ...stored } = await kept(id);
      assertEquals([id, verifiedBy], [id, null]);
      const text = JSON.stringify(stored);
      assertEquals(
        [right, rightOfNothing, emporix, hex].filter((one) => text.includes(one)),
        [],
        id,
      );
    }
    // One that was tried and is wrong opens nothing, and shows how it was made.
    const wrong = await hmacOf("SHA-512", KEY, `${BODY}\n`);
    await send({ path: "/near", headers: { "X-Signature": wrong, "X-Request-Id": "wrong" } });
    const { headers } = await kept("wrong");
    assertEquals(new Map(headers).get("x-signature"), wrong);
  });
});

Deno.test("a path token stays unreadable in what proxies add", async () => {
  await withServer(async ({ send, command }) => {
    const headers = {
      Authorization: `Basic ${btoa("ann:correct-horse")}`,
      "X-Original-URL": `/uc/${TOKEN}`,
      "X-Forwarded-Uri": `/hooks/uc/${TOKEN}?a=b`,
      Referer: `https://shop.example/uc/${TOKEN}`,
    };
    const body = '[{"order_create":{"order_id":"DEMO-1"}}]';
    assertEquals(await send({ path: `/uc/${TOKEN}`, headers, body }), 204);
    assertEquals(await send({ path: "/uc/another-token-1234", headers, body }), 401);
    const exported = await command("deliveries", "export");
    assertEquals([exported.includes("x-original-url"), exported.includes(TOKEN)], [true, false]);
  });
});
