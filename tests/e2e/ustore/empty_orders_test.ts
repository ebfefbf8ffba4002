/** Orders of which the essential is missing or empty, over real sockets. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { assertSigned, deliver, KEY, sample } from "../delivery.ts";
import { ROOT, runProgram, shareProgram, startProgram, temporaryFolder } from "../program.ts";

const signatureKeys = [KEY];
const test = shareProgram({
  config: {
    endpoints: [
      { path: "/tax", kind: "ustore.tax", signatureKeys, rates: [{ percent: 20 }] },
      { path: "/items", kind: "ustore.manufacturer", signatureKeys, otherwise: { keep: true } },
      {
        path: "/approval",
        kind: "ustore.order-approval",
        signatureKeys,
        otherwise: { approve: true },
      },
      { path: "/cart", kind: "ustore.cart-export", signatureKeys },
    ],
  },
});

const TAX = Deno.readTextFileSync(join(ROOT, "handlers/ustore/samples/tax.json"));
const textOf = (name: Parameters<typeof sample>[0]) => new TextDecoder().decode(sample(name));

const REFUSED: readonly (readonly [target: string, body: string, path: string])[] = [
  ["/tax", '{"Order":{}}', "Order.OrderProducts"],
  ["/items", '{"Order":{}}', "Order.OrderProducts"],
  ["/approval", '{"Order":{}}', "Order.OrderProducts"],
  ["/cart", '{"list":{"id":"l"}}', "list.items"],
  ["/cart", '{"list":{"id":"l","items":{}}}', "list.items"],
  ["/tax", TAX.replace('"OrderProducts"', '"OrderItems"'), "Order.OrderProducts"],
  ["/items", textOf("manufacturer").replace('"OrderProducts"', '"Items"'), "Order.OrderProducts"],
  ["/cart", textOf("cart_export").replace('"items"', '"Items"'), "list.items"],
  ["/tax", '{"Order":{"OrderProducts":null}}', "Order.OrderProducts"],
  ["/tax", '{"Order":{"OrderProducts":{"OrderProduct":[null]}}}', "OrderProducts.OrderProduct"],
  ["/tax", '{"Order":{"OrderProducts":[{}]}}', "OrderProducts[0].Prices.TotalPrice"],
  ["/items", '{"Order":{"OrderProducts":[{}]}}', "OrderProducts[0].@id"],
];

test("an order without readable items is refused, and the message names what is missing", async (program) => {
  await Promise.all(REFUSED.map(async ([target, body, path]) => {
    const response = await deliver(program, { target, body });
    assertEquals(response.status, 400, `${target} ${body}`);
    assertSigned(response);
    const { code, message } = JSON.parse(response.text);
    assertEquals(code, "wrong_shape");
    assertStringIncludes(message, path);
  }));
});

test("an explicit empty list is an order without items", async (program) => {
  const empty = '{"Order":{"OrderProducts":[]}}';
  const wrapped = '{"Order":{"OrderProducts":{"OrderProduct":[]}}}';
  for (const body of [empty, wrapped]) {
    const answers = await Promise.all(
      ["/tax", "/items", "/approval"].map((target) => deliver(program, { target, body })),
    );
    assertEquals(answers.map(({ status, text }) => `${status} ${text}`), [
      '200 {"TotalTax":0}',
      "200 {}",
      '200 {"ApprovalGroupId":0,"IsApprovalNeeded":false}',
    ]);
  }
  const list = await deliver(program, { target: "/cart", body: '{"list":{"id":"l","items":[]}}' });
  assertEquals(list.status, 200);
});

test("a price that cannot be computed with is refused by its path", async (program) => {
  for (const price of ["1e21", "1e308", "1e400", "1e-400", '"NaN"', '"0x10"', '"1,5"', '"١٢"']) {
    const body = TAX.replace(/"TotalPrice": "[^"]*"/g, `"TotalPrice": ${price}`);
    const response = await deliver(program, { target: "/tax", body });
    assertEquals(response.status, 400, price);
    assertStringIncludes(response.text, "OrderProduct[0].Prices.TotalPrice");
  }
});

Deno.test({
  name: "the config of init answers orders that have no CustomConfig, and false alone",
  // The output of the program that the other tests share is read all along.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using folder = await temporaryFolder();
    const cwd = folder.path;
    assertEquals((await runProgram(["init"], { cwd })).code, 0);
    const file = join(cwd, "config.json");
    const keys = (await Deno.readTextFile(file)).matchAll(/"signatureKeys": \["([^"]+)"\]/g);
    const [approval = "", items = ""] = [...keys].map(([, key]) => key);
    await using program = await startProgram({ config: file });
    const send = async (name: "order_approval" | "manufacturer", key: string, custom: string) => {
      const body = textOf(name).replace(/"(CustomConfig\w*)": "[^"]*"/, `"$1": ${custom}`);
      const target = name === "manufacturer" ? "/ustore/manufacturer" : "/ustore/order-approval";
      const { status, text } = await deliver(program, { target, key, body });
      return status === 200 ? text : `${status} ${JSON.parse(text).message}`;
    };
    const approved = '{"ApprovalGroupId":10065,"IsApprovalNeeded":false}';
    for (const custom of ["null", '""', '"false"', "false"]) {
      assertEquals(await send("order_approval", approval, custom), approved);
    }
    assertEquals(
      await send("order_approval", approval, '"true;7"'),
      '{"ApprovalGroupId":7,"IsApprovalNeeded":true}',
    );
    const unreadable = await send("order_approval", approval, '"maybe;x"');
    assertStringIncludes(unreadable, "“maybe;x”. It should be like “true;10065”");
    assertEquals(await send("manufacturer", items, "null"), "{}");
    assertEquals(await send("manufacturer", items, '"2:3"'), '{"3088":"3"}');
  },
});

test("check notes what customConfig: true means for orders without one", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "config.json");
  const endpoint = { path: "/a", kind: "ustore.order-approval", signatureKeys };
  const config = { endpoints: [{ ...endpoint, otherwise: { customConfig: true } }] };
  await Deno.writeTextFile(file, JSON.stringify(config));
  const { code, stdout } = await runProgram(["check", "--config", file]);
  assertEquals(code, 0);
  assertStringIncludes(
    stdout,
    "endpoints[0].otherwise.customConfig\n  an order whose CustomConfig",
  );
  assertStringIncludes(stdout, '{ "customConfig": { "otherwise": { "approve": true } } }');
  assertStringIncludes(stdout, "\n1 note in ");
});
