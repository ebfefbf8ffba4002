/** Exported carts go to destinations as events do. */
import { assert, assertEquals } from "@std/assert";
import cartExport from "../../../handlers/ustore/samples/cart_export.json" with { type: "json" };
import { hmac } from "../delivery.ts";
import { startProgram } from "../program.ts";
import { startReceiver } from "../receiver.ts";

const USTORE_KEY = "a key";

Deno.test("an exported cart is forwarded as the store sent it", async () => {
  await using receiver = startReceiver();
  await using program = await startProgram({
    config: {
      endpoints: [
        {
          path: "/cart",
          kind: "ustore.cart-export",
          signatureKeys: [USTORE_KEY],
          forward: [{ to: "shop", when: "event.type == 'cart.exported'" }],
        },
      ],
      destinations: { shop: { type: "http", url: receiver.url } },
    },
  });
  const body = JSON.stringify(cartExport, null, 1);
  const response = await fetch(`${program.url}/cart`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Signature": hmac(body, USTORE_KEY) },
    body,
  });
  assertEquals(response.status, 200);
  await response.body?.cancel();
  const [forward] = await receiver.received(1);
  assert(forward !== undefined);
  assertEquals(new TextDecoder().decode(forward.body), body);
  assertEquals(
    ["storehook-source", "storehook-event-type"].map((name) => forward.headers.get(name)),
    ["ustore", "cart.exported"],
  );
});
