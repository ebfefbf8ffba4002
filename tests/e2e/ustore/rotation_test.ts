import { assertEquals } from "@std/assert";
import { assertSigned, deliver, hmac, sample } from "../delivery.ts";
import { shareProgram } from "../program.ts";

const NEW_KEY = "the-new-key";
const OLD_KEY = "der-alte-Schlüssel ✓";

const test = shareProgram({
  config: {
    endpoints: [{
      path: "/approve",
      kind: "ustore.order-approval",
      signatureKeys: [NEW_KEY, OLD_KEY],
      rules: [{
        name: "no large orders",
        when: "order.total > 500.0",
        then: { reject: "Too expensive" },
      }],
      otherwise: { customConfig: true },
    }],
  },
});

const target = "/approve";

for (const [name, key] of Object.entries({ new: NEW_KEY, old: OLD_KEY })) {
  test(`the ${name} key verifies, and the answer is signed with it`, async (program) => {
    const answer = await deliver(program, { target, key });
    assertEquals([answer.status, answer.text], [
      200,
      '{"ApprovalGroupId":10065,"IsApprovalNeeded":true}',
    ]);
    assertSigned(answer, key);
  });

  test(`a refusal of what the ${name} key signed is signed with it too`, async (program) => {
    const body = new TextDecoder().decode(sample("order_approval"))
      .replace('"TotalPrice": "1.20000"', '"TotalPrice": "500.00001"');
    const answer = await deliver(program, { target, key, body });
    assertEquals([answer.status, JSON.parse(answer.text).message], [400, "Too expensive"]);
    assertSigned(answer, key);

    const notJson = await deliver(program, { target, key, body: "{" });
    assertEquals([notJson.status, JSON.parse(notJson.text).code], [400, "not_json"]);
    assertSigned(notJson, key);
  });
}

test("what no key verifies is answered with the first key's signature", async (program) => {
  for (const key of ["a-third-key", `${OLD_KEY} `, NEW_KEY.toUpperCase(), null]) {
    const answer = await deliver(program, { target, key });
    assertEquals(answer.status, 401);
    assertSigned(answer, NEW_KEY);
  }
});

test("what is refused before its signature is looked at is signed with the first key", async (program) => {
  const headers = { "Content-Type": "text/plain" };
  const answer = await deliver(program, { target, key: OLD_KEY, headers });
  assertEquals(answer.status, 415);
  assertSigned(answer, NEW_KEY);
});

test("a signature of another body is refused, whichever key made it", async (program) => {
  const headers = { "X-Signature": hmac("{}", OLD_KEY) };
  const answer = await deliver(program, { target, headers });
  assertEquals(answer.status, 401);
  assertSigned(answer, NEW_KEY);
});
