/** Exported carts go to destinations as events do. */
import { assert, assertEquals } from "@std/assert";
import cartExport from "../../../handlers/ustore/samples/cart_export.json" with { type: "json" };
import { join } from "@std/path";
import { hmac } from "../delivery.ts";
import { startProgram, temporaryFolder } from "../program.ts";
import { startReceiver } from "../receiver.ts";

const USTORE_KEY = "a key";

Deno.test("an exported cart is forwarded with its ids and its lines, also as a table", async () => {
  await using receiver = startReceiver();
  await using folder = await temporaryFolder();
  await using program = await startProgram({
    config: {
      endpoints: [
        {
          path: "/cart",
          kind: "ustore.cart-export",
          signatureKeys: [USTORE_KEY],
          forward: [{ to: "shop", when: "event.type == 'cart.exported'" }, "hot"],
        },
      ],
      destinations: {
        shop: { type: "http", url: receiver.url },
        hot: { type: "folder", path: folder.path, name: "{id}", format: "csv" },
      },
    },
  });
  const body = JSON.stringify(cartExport, null, 1);
  const response = await fetch(`${program.url}/cart`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Signature": hmac(body, USTORE_KEY) },
    body,
  });
  assertEquals(response.status, 200);
  const { externalID, externalUrl, redirectUrl } = await response.json();
  const [forward] = await receiver.received(1);
  assert(forward !== undefined);
  const text = new TextDecoder().decode(forward.body);
  // The store's own bytes come first.
  assertEquals(text.startsWith(body.slice(0, -1)), true);
  const { lines, ...document } = JSON.parse(text);
  assertEquals(document, { ...cartExport, externalID, externalUrl, redirectUrl });
  const shown = await (await fetch(`${program.url}${new URL(externalUrl).pathname}.csv`)).text();
  assertEquals(lines.length, shown.trim().split("\r\n").length - 1);
  assertEquals(Object.keys(lines[0]).join(), shown.split("\r\n")[0]);
  assertEquals(
    ["storehook-source", "storehook-event-type"].map((name) => forward.headers.get(name)),
    ["ustore", "cart.exported"],
  );
  const file = join(folder.path, `${forward.headers.get("webhook-id")}.csv`);
  const table = (await whenThere(file)).trim().split("\r\n");
  const rows = shown.trim().split("\r\n");
  const ids = `${externalID},${externalUrl},${redirectUrl},`;
  assertEquals(table.slice(1), rows.slice(1).map((row) => `${ids}${row}`));
  assertEquals(table[0], `externalID,externalUrl,redirectUrl,${rows[0]}`);
});

Deno.test("an order of UltraCart is written as a table of its items, with the totals", async () => {
  await using folder = await temporaryFolder();
  await using program = await startProgram({
    config: {
      endpoints: [{
        path: "/ultracart",
        kind: "ultracart.events",
        auth: { type: "basic", username: "u", password: "p4ssword" },
        forward: ["hot"],
      }],
      destinations: { hot: { type: "folder", path: folder.path, name: "{id}", format: "csv" } },
    },
  });
  const order = '{"order_id":"DEMO-1","summary":{"total":{"value":20.50}},' +
    '"items":[{"merchant_item_id":"X","quantity":2.0},{"merchant_item_id":"Y"}]}';
  const response = await fetch(`${program.url}/ultracart`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Authorization: `Basic ${btoa("u:p4ssword")}`,
    },
    body: `[{"order_create":${order}}]`,
  });
  assertEquals([response.status, await response.text()], [204, ""]);
  const file = await firstFileIn(folder.path);
  assertEquals(
    await whenThere(file),
    "order_id,summary.total.value,items.merchant_item_id,items.quantity\r\n" +
      "DEMO-1,20.50,X,2.0\r\nDEMO-1,20.50,Y,\r\n",
  );
});

/** Waits for the first whole file of a folder, for ten seconds at most. */
async function firstFileIn(folder: string): Promise<string> {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    for await (const { name } of Deno.readDir(folder)) {
      if (!name.startsWith(".")) return join(folder, name);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("There came no file within ten seconds");
}

/** Waits until a file is there, for ten seconds at most. */
async function whenThere(file: string): Promise<string> {
  for (const end = Date.now() + 10_000;;) {
    try {
      return new TextDecoder().decode(await Deno.readFile(file));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound) || Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
