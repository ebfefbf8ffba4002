/** Orders and carts with more items than anybody has. */
import { assertEquals } from "@std/assert";
import { hmac, PATHS, sample, type SampleName } from "../delivery.ts";
import { shareProgram, SHIPPED_CONFIG } from "../program.ts";

const test = shareProgram({ config: SHIPPED_CONFIG });

function withItems(name: SampleName, count: number): string {
  const document = JSON.parse(new TextDecoder().decode(sample(name)));
  const items = Array.from({ length: count }, (_, index) => ({ "@id": String(index) }));
  if (name === "cart_export") document.list.items = items;
  else document.Order.OrderProducts = { OrderProduct: items };
  return JSON.stringify(document);
}

test("an order or a cart with more than ten thousand items is refused", async ({ url }) => {
  for (const name of ["order_approval", "manufacturer", "cart_export"] as const) {
    for (const [count, isTaken] of [[10_000, true], [10_001, false], [100_000, false]] as const) {
      const body = withItems(name, count);
      const headers = { "Content-Type": "application/json", "X-Signature": hmac(body) };
      const response = await fetch(url + PATHS[name], { method: "POST", headers, body });
      const answer = await response.json();
      assertEquals([name, count, response.status !== 413], [name, count, isTaken]);
      if (isTaken) continue;
      assertEquals([answer.code, answer.message], [
        "too_many_items",
        "The request has too many items. At most 10000 are accepted.",
      ]);
    }
  }
});
