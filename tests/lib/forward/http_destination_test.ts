import { createStandardWebhooks } from "../../../lib/auth/standard_webhooks/standard_webhooks.ts";
import { createHttpDestination } from "../../../lib/forward/http_destination.ts";
import { plainAuthenticator } from "../auth/verified_by.ts";
import { attemptOf, failedAt, SECRET, settings } from "./http_samples.ts";
import { withReceiver } from "./receiver.ts";
import { bytesOf, NOW, storedEvent } from "./samples.ts";
import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";

Deno.test("createHttpDestination() posts the event's own bytes, signed", async () => {
  await withReceiver(() => new Response(null, { status: 204 }), async ({ url, requests }) => {
    const event = storedEvent({ payload: bytesOf('{ "total": 20.00, "a":"\\u00e9" }') });
    const destination = createHttpDestination(settings(url, { secret: SECRET }), () => NOW);
    assertEquals(await attemptOf(destination, event), { delivered: true, status: 204 });
    const { method, headers, body } = await requests.next();
    assertEquals([method, headers.get("content-type")], ["POST", "application/json"]);
    assertEquals(body, event.payload);
    assertEquals(headers.get("webhook-id"), event.id);
    assertEquals(headers.get("webhook-timestamp"), String(Math.floor(NOW / 1000)));
    assertEquals(headers.get("storehook-event-type"), "cart.created");
    assertEquals(headers.get("storehook-source"), "emporix");
    const receiver = plainAuthenticator(await createStandardWebhooks([SECRET], { now: () => NOW }));
    assertEquals(
      (await receiver.verify(headers, body))?.by,
      `v1, secret ${receiver.keyFingerprints[0]}`,
    );
  });
});

Deno.test("createHttpDestination() signs with an ed25519 key", async () => {
  const { privateKey, publicKey } = await ed25519();
  await withReceiver(() => new Response(), async ({ url, requests }) => {
    const destination = createHttpDestination(settings(url, { secret: privateKey }));
    assertEquals(await attemptOf(destination), { delivered: true, status: 200 });
    const { headers, body } = await requests.next();
    const receiver = plainAuthenticator(await createStandardWebhooks([publicKey]));
    assertEquals(
      (await receiver.verify(headers, body))?.by,
      `v1a, secret ${receiver.keyFingerprints[0]}`,
    );
  });
});

Deno.test("createHttpDestination() keeps the id and makes the timestamp anew", async () => {
  await withReceiver(() => new Response(null, { status: 500 }), async ({ url, requests }) => {
    let now = NOW;
    const destination = createHttpDestination(settings(url, { secret: SECRET }), () => now);
    const event = storedEvent();
    await attemptOf(destination, event);
    now += 86_400_000;
    await attemptOf(destination, event);
    const [first, second] = await requests.take(2);
    assertEquals(first?.headers.get("webhook-id"), second?.headers.get("webhook-id"));
    assertEquals(
      Number(second?.headers.get("webhook-timestamp")) -
        Number(first?.headers.get("webhook-timestamp")),
      86_400,
    );
    assertNotEquals(
      first?.headers.get("webhook-signature"),
      second?.headers.get("webhook-signature"),
    );
  });
});

Deno.test("createHttpDestination() signs nothing without a secret, and sends further headers", async () => {
  await withReceiver(() => new Response(), async ({ url, requests }) => {
    const headers = { authorization: "Bearer 1", "x-tenant": "acme" };
    const destination = createHttpDestination(settings(url, { headers }));
    await attemptOf(destination, storedEvent({ type: "é\r\nx: y", source: "webhooks" }));
    const received = (await requests.next()).headers;
    assertEquals(received.get("webhook-signature"), null);
    assertEquals(received.get("authorization"), "Bearer 1");
    assertEquals(received.get("x-tenant"), "acme");
    assertEquals(received.get("x"), null);
    assertEquals(received.get("storehook-event-type"), "%C3%A9%0D%0Ax:%20y");
    assertEquals(received.get("user-agent"), "Storehook");
    await attemptOf(destination, storedEvent({ type: "" }));
    assertEquals((await requests.next()).headers.get("storehook-event-type"), null);
  });
});

Deno.test("createHttpDestination() takes 2xx for success and everything else for a failure", async () => {
  const answer = ({ path }: { readonly path: string }) => {
    const status = Number(path.slice("/hooks?".length));
    return new Response(status === 204 || status === 304 ? null : "so be it", {
      status,
      headers: status === 429 ? { "retry-after": "120" } : {},
    });
  };
  await withReceiver(answer, async ({ url, host }) => {
    for (const status of [200, 201, 202, 204, 299]) {
      const destination = createHttpDestination(settings(`${url}?${status}`));
      assertEquals(await attemptOf(destination), { delivered: true, status });
    }
    for (const status of [400, 401, 404, 409, 410, 418, 500, 502, 503]) {
      const destination = createHttpDestination(settings(`${url}?${status}`));
      assertEquals(await attemptOf(destination), failedAt(host, status));
    }
    const destination = createHttpDestination(settings(`${url}?429`));
    assertEquals(await attemptOf(destination), failedAt(host, 429, "", "120"));
  });
});

Deno.test("createHttpDestination() follows no redirect", async () => {
  await withReceiver(() => new Response(), async (other) => {
    for (const status of [301, 302, 303, 307, 308]) {
      const headers = { location: other.url };
      await withReceiver(() => new Response(null, { status, headers }), async ({ url, host }) => {
        const destination = createHttpDestination(settings(url, { secret: SECRET }));
        const result = await attemptOf(destination);
        assertEquals(result, failedAt(host, status, ", and redirects are not followed"));
      });
    }
    assertEquals(other.requests.size, 0);
  });
});

Deno.test("createHttpDestination() refuses a secret that can't sign", async () => {
  const { publicKey } = await ed25519();
  const create = (secret: string) => () =>
    createHttpDestination(settings("http://erp.example", { secret }));
  assertThrows(create(publicKey), RangeError, "the secret is a public key");
  const error = assertThrows(create("whsec_hunter2"), RangeError);
  assert(!error.message.includes("hunter2"));
});

async function ed25519(): Promise<{ readonly privateKey: string; readonly publicKey: string }> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  assert("privateKey" in pair);
  const seed = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey)).slice(-32);
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { privateKey: `whsk_${seed.toBase64()}`, publicKey: `whpk_${raw.toBase64()}` };
}
