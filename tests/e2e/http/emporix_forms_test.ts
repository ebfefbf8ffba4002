/** Signatures of Emporix that fit a sorted form of the body, or none of them. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { hmacOf } from "../../hmac.ts";
import { EMPORIX, withServer } from "./refusals_world.ts";

Deno.test("forged signatures of Emporix on large bodies cost little, and no others their answer", async () => {
  await withServer(async ({ send, kept }) => {
    const large = `[${"1.0,".repeat(500_000)}1]`;
    const forged = { "emporix-event-signature": `${"A".repeat(43)}=` };
    const startedAt = performance.now();
    for (let turn = 0; turn < 6; turn++) {
      const headers = { ...forged, "X-Request-Id": `large-${turn}` };
      assertEquals(await send({ path: "/emporix/cart.created", headers, body: large }), 401);
    }
    // Each took 3.5 s once.
    assert(performance.now() - startedAt < 6000, `${performance.now() - startedAt} ms`);
    assertMatch((await kept("large-0")).note ?? "", /sorted forms were not tried/);
    const body = '{"cartId":"c1","tenant":"acme"}';
    const signature = await hmacOf("SHA-256", EMPORIX, body);
    const headers = { "emporix-event-signature": signature };
    assertEquals(await send({ path: "/emporix/cart.created", headers, body }), 204);
  });
});

Deno.test("an event whose signature fits a sorted form alone is noted, and the log warns of it", async () => {
  await withServer(async ({ send, kept, logged, stderr }) => {
    const sent = '{ "cartId": "c1", "quantity": 9007199254740993 }';
    const forms = {
      raw: await hmacOf("SHA-256", EMPORIX, sent),
      stable: await hmacOf("SHA-256", EMPORIX, '{"cartId":"c1","quantity":9007199254740992}'),
      canonical: await hmacOf("SHA-256", EMPORIX, '{"cartId":"c1","quantity":9007199254740993}'),
    };
    for (const [id, signature] of Object.entries(forms)) {
      const headers = { "emporix-event-signature": signature, "X-Request-Id": id };
      assertEquals(await send({ path: "/emporix/cart.created", headers, body: sent }), 204);
    }
    assertEquals((await kept("raw")).note, undefined);
    assertStringIncludes((await kept("stable")).note ?? "", "other digits than were signed");
    assertStringIncludes((await kept("canonical")).note ?? "", "not its bytes (canonical form)");
    await logged(/answered 204[^\n]*"requestId":"canonical"[^\n]*\n/);
    const warned = stderr().split("\n").filter((line) => line.includes("accepted a delivery"));
    assertEquals(warned.length, 1);
    assert(/WARN/i.test(warned[0] ?? ""));
  });
});
