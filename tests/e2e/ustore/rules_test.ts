import { assertEquals } from "@std/assert";
import { MESSAGES } from "../../../lib/http/problem/problem_answer.ts";
import { assertProblem, assertSigned, deliver, KEY, sample } from "../delivery.ts";
import { type Program, shareProgram, STACK_TRACE } from "../program.ts";

const MANUFACTURERS = {
  kind: "ustore.manufacturer",
  signatureKeys: [KEY],
  manufacturers: { hanover: 2, dallas: "1" },
};

const test = shareProgram({
  config: {
    endpoints: [
      {
        path: "/approval",
        kind: "ustore.order-approval",
        signatureKeys: [KEY],
        defaultGroup: 7,
        rules: [
          {
            name: "average discount",
            when: "order.items.size() % int(order.discount) == 0",
            then: { approve: true },
          },
          { name: "small orders", when: "order.total < 5", then: { group: 12 } },
        ],
        otherwise: { approve: true },
      },
      {
        path: "/by-property",
        ...MANUFACTURERS,
        rules: [
          {
            name: "by paper",
            when: "item.properties['Paper'] == 'thick'",
            then: { manufacturer: "dallas" },
          },
        ],
        otherwise: { manufacturer: "hanover" },
      },
      { path: "/unassigned", ...MANUFACTURERS },
      {
        path: "/keep",
        ...MANUFACTURERS,
        rules: [{ name: "first item", when: "item.position == 1", then: { keep: true } }],
        otherwise: { manufacturer: "dallas" },
      },
      {
        path: "/export",
        kind: "ustore.cart-export",
        signatureKeys: [KEY],
        externalUrl: "https://erp.example/{list.id}?by={user.email}",
        redirectUrl: "{publicUrl}/{store.name}",
        listsWithErrors: "refuse",
      },
    ],
  },
});

/** The vendor's example after a replacement that must find its place. */
function changed(name: Parameters<typeof sample>[0], from: string, to: string): string {
  const text = new TextDecoder().decode(sample(name));
  if (!text.includes(from)) throw new RangeError(`Cannot change ${name}: no ${from} in it`);
  return text.replace(from, to);
}

/** The warnings about one request, once its delivery is logged. */
async function warnings(program: Program, requestId: string) {
  await program.logged(new RegExp(`answered 200.*"requestId":"${requestId}"[^\\n]*\\n`));
  return program.stderr().split("\n")
    .filter((line) => line.includes(`"requestId":"${requestId}"`))
    .map((line): Record<string, unknown> => JSON.parse(line))
    .filter((entry) => entry["level"] === "WARN")
    .map(({ endpoint, rule, reason }) => ({ endpoint, rule, reason: typeof reason }));
}

test("a rule that divides by zero does not match, and is logged with its name and the request", async (program) => {
  const headers = { "X-Request-Id": "by-zero" };
  const response = await deliver(program, { target: "/approval", headers });
  assertEquals([response.status, response.text], [
    200,
    '{"ApprovalGroupId":12,"IsApprovalNeeded":true}',
  ]);
  assertSigned(response);
  assertEquals(await warnings(program, "by-zero"), [
    { endpoint: "/approval", rule: "average discount", reason: "string" },
  ]);
});

test("the same rule matches where it can be computed, and nothing is logged", async (program) => {
  const headers = { "X-Request-Id": "by-one" };
  const from = '"CouponDiscount": {\n        "@CouponID": "0",\n        "#text": "0.00000"';
  const body = changed("order_approval", from, from.replace("0.00000", "1.00000"));
  const response = await deliver(program, { target: "/approval", headers, body });
  assertEquals(response.text, '{"ApprovalGroupId":7,"IsApprovalNeeded":false}');
  assertEquals(await warnings(program, "by-one"), []);
});

test("a rule that misses a property does not match, item by item, and is told once", async (program) => {
  const headers = { "X-Request-Id": "no-paper" };
  const body = sample("manufacturer");
  const response = await deliver(program, { target: "/by-property", headers, body });
  assertEquals([response.status, response.text], [200, '{"3087":"2","3088":"2"}']);
  assertEquals(await warnings(program, "no-paper"), [
    { endpoint: "/by-property", rule: "by paper", reason: "string" },
  ]);
  const withPaper = changed("manufacturer", '"DisplayName": "prop2"', '"DisplayName": "Paper"')
    .replace('"Value": "uStore2"', '"Value": "thick"');
  const routed = await deliver(program, { target: "/by-property", body: withPaper });
  assertEquals(routed.text, '{"3087":"1","3088":"2"}');
});

test("items that nothing assigns are refused by name, and kept ones are left out", async (program) => {
  const body = sample("manufacturer");
  const refused = await deliver(program, { target: "/unassigned", body });
  const message = MESSAGES.en.problems.unassigned_items.replace(
    "{items}",
    "copy[10]s1 (3087), static1 (3088)",
  );
  assertProblem(refused, 400, "unassigned_items", message);
  const kept = await deliver(program, { target: "/keep", body });
  assertEquals([kept.status, kept.text], [200, '{"3088":"1"}']);
});

test("a field of the wrong shape is named by its path", async (program) => {
  const cases = [
    ["/approval", '"TotalPrice": "1.20000"', '"TotalPrice": "much"', "Order.Prices.TotalPrice"],
    ["/approval", '"TotalPrice": "1.20000"', '"TotalPrice": null', "Order.Prices.TotalPrice"],
    ["/approval", '"Prices": {', '"Prices": 3, "Old": {', "Order.Prices"],
  ] as const;
  for (const [target, from, to, path] of cases) {
    const body = changed("order_approval", from, to);
    const response = await deliver(program, { target, body });
    assertProblem(response, 400, "wrong_shape");
    assertEquals(JSON.parse(response.text).message.includes(` at ${path}: `), true, response.text);
  }
});

test("the path of an item's field has the item's place", async (program) => {
  const body = changed("manufacturer", '"@id": "3088",', "");
  const response = await deliver(program, { target: "/keep", body });
  const message = MESSAGES.en.problems.wrong_shape
    .replace("{path}", "Order.OrderProducts.OrderProduct[1].@id")
    .replace("{wanted}", MESSAGES.en.wanted.id).replace("{found}", MESSAGES.en.nothing);
  assertProblem(response, 400, "wrong_shape", message);
});

test("a field that no rule reads is never judged", async (program) => {
  const body = changed("order_approval", '"User": {', '"User": 3, "Old": {');
  assertEquals((await deliver(program, { target: "/approval", body })).status, 200);
});

test("one item as an object is as good as a list of one", async (program) => {
  const document = JSON.parse(new TextDecoder().decode(sample("manufacturer")));
  const { OrderProducts } = document.Order;
  OrderProducts.OrderProduct = OrderProducts.OrderProduct[0];
  const response = await deliver(program, {
    target: "/by-property",
    body: JSON.stringify(document),
  });
  assertEquals([response.status, response.text], [200, '{"3087":"2"}']);
});

test("URLs of an export are filled and encoded", async (program) => {
  const body = changed("cart_export", "shopper@buyer.example", "a b+c&d@büyer.example");
  const response = await deliver(program, { target: "/export", body });
  const { externalUrl, redirectUrl } = JSON.parse(response.text);
  const list = "e3f6c1de-8f44-4d5b-9c6a-2a3d5c1b7f90";
  assertEquals(externalUrl, `https://erp.example/${list}?by=a%20b%2Bc%26d%40b%C3%BCyer.example`);
  assertEquals(redirectUrl.endsWith("/Connect%20Enterprise%20Store"), true);
});

test("an external id is echoed, and a list with errors refused where the config says so", async (program) => {
  const again = changed("cart_export", '"externalID": ""', '"externalID": "PO 4711/é"');
  const echoed = await deliver(program, { target: "/export", body: again });
  assertEquals(JSON.parse(echoed.text).externalID, "PO 4711/é");

  const faulty = changed("cart_export", '"level": 1', '"level": 2');
  const refused = await deliver(program, { target: "/export", body: faulty });
  const items = "Brochure A4";
  const message = MESSAGES.en.problems.list_has_errors.replace("{items}", items);
  assertProblem(refused, 400, "list_has_errors", message);
});

test("none of this was an error of the program", ({ stderr }) => {
  assertEquals(STACK_TRACE.exec(stderr()), null);
  assertEquals(stderr().includes('"level":"ERROR"'), false);
});
