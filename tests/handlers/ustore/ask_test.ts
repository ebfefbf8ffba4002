import { assertEquals, assertStringIncludes } from "@std/assert";
import { signed } from "../../e2e/third_party.ts";
import { askThrough } from "./asking.ts";
import { APPROVAL, edit } from "./documents.ts";
import { mistakesOf } from "./open.ts";

const KIND = "ustore.order-approval";
const ASK = { otherwise: { ask: "pricing" } };
const ANSWER = '{"ApprovalGroupId":10065,"IsApprovalNeeded":true}';
const CALL = { service: "pricing", attempts: 1, status: 200 };

function askedFor(answer: string, settings: object = { groups: [10065] }, service: object = {}) {
  return askThrough(KIND, { ...ASK, ...settings }, APPROVAL, answer, service);
}

Deno.test("ustore.order-approval answers as the service does, and records it", async () => {
  assertEquals(await askedFor(ANSWER), {
    result: ANSWER,
    asked: [{ ...CALL, said: { ApprovalGroupId: 10065, IsApprovalNeeded: true } }],
    questions: 1,
  });
  const free = '{ "IsApprovalNeeded": false, "ApprovalGroupId": 0 }';
  assertEquals((await askedFor(free)).result, '{"ApprovalGroupId":0,"IsApprovalNeeded":false}');
});

Deno.test("ustore.order-approval asks for the rules that say so, and for no other", async () => {
  const rules = [
    { name: "small", when: "order.total < 5", then: { approve: true } },
    { name: "large", when: "true", then: { ask: "pricing" } },
  ];
  const { result, questions } = await askThrough(
    KIND,
    { rules, defaultGroup: 7 },
    APPROVAL,
    ANSWER,
  );
  assertEquals([result, questions], ['{"ApprovalGroupId":7,"IsApprovalNeeded":false}', 0]);
});

Deno.test("ustore.order-approval takes a group that the config names anywhere, and no other", async () => {
  const rules = [{ name: "never", when: "false", then: { group: 10065 } }];
  const onFailure = { group: 10065 };
  assertEquals((await askedFor(ANSWER, { rules })).result, ANSWER);
  assertEquals((await askedFor(ANSWER, { defaultGroup: 10065 })).result, ANSWER);
  assertEquals((await askedFor(ANSWER, {}, { onFailure })).result, ANSWER);
  const unknown = await askedFor(ANSWER, { groups: [1, 2], rules });
  assertEquals(unknown, {
    result: { code: "service_failed", params: {} },
    asked: [{
      ...CALL,
      failure: "named the group 10065, which the config does not know",
      onFailure: null,
    }],
    questions: 1,
  });
});

Deno.test("ustore.order-approval keeps the number that the service wrote for the group", async () => {
  const answer = '{"ApprovalGroupId":10065.0,"IsApprovalNeeded":true}';
  assertEquals((await askedFor(answer)).result, answer);
});

Deno.test("ustore.order-approval asks where the custom configuration says nothing", async () => {
  const settings = {
    groups: [10065],
    otherwise: { customConfig: { otherwise: { ask: "pricing" } } },
  };
  const bare = edit(APPROVAL, { "Order/CustomConfig": null });
  const asked = await askThrough(KIND, settings, bare, ANSWER);
  assertEquals([asked.result, asked.questions], [ANSWER, 1]);
  const told = edit(APPROVAL, { "Order/CustomConfig": "false" });
  const { result, questions } = await askThrough(KIND, settings, told, ANSWER);
  assertEquals([result, questions], ['{"ApprovalGroupId":0,"IsApprovalNeeded":false}', 0]);

  const onFailure = { customConfig: { otherwise: { group: 10065 } } };
  const failed = await askThrough(KIND, ASK, bare, "{}", { onFailure });
  assertEquals(failed.result, ANSWER);
});

Deno.test("ustore.order-approval does as onFailure says when the service gives no good answer", async () => {
  const onFailure = { group: 12 };
  const answers = [
    "{}",
    "[]",
    "null",
    '{"ApprovalGroupId":10065}',
    '{"ApprovalGroupId":"10065","IsApprovalNeeded":true}',
    '{"ApprovalGroupId":10065.5,"IsApprovalNeeded":true}',
    '{"ApprovalGroupId":-1,"IsApprovalNeeded":false}',
    '{"ApprovalGroupId":10065,"IsApprovalNeeded":true,"Note":""}',
  ];
  for (const answer of answers) {
    const { result, asked } = await askedFor(answer, { groups: [10065] }, { onFailure });
    assertEquals(result, '{"ApprovalGroupId":12,"IsApprovalNeeded":true}', answer);
    assertStringIncludes(asked[0]?.failure ?? "", "answered in another form than uStore's");
    assertEquals(asked[0]?.onFailure, onFailure);
  }
});

Deno.test("ustore.order-approval carries out every kind of onFailure", async () => {
  const groups = [10065];
  const resultOf = async (onFailure: object) =>
    (await askedFor("{}", { groups, defaultGroup: 3 }, { onFailure })).result;
  assertEquals(
    await resultOf({ approve: true }),
    '{"ApprovalGroupId":3,"IsApprovalNeeded":false}',
  );
  assertEquals(await resultOf({ customConfig: true }), ANSWER);
  assertEquals(await resultOf({ reject: "Call us" }), {
    code: "refused",
    params: {},
    messages: "Call us",
  });
});

Deno.test("ustore.order-approval refuses with the message of the service", async () => {
  const message = "Your budget is used up.";
  const answering = () => signed(JSON.stringify({ message }), 400);
  const settings = { ...ASK, groups: [1] };
  assertEquals(await askThrough(KIND, settings, APPROVAL, answering, { onFailure: { group: 1 } }), {
    result: { code: "refused", params: {}, messages: message },
    asked: [{ ...CALL, status: 400, refusal: message }],
    questions: 1,
  });
});

Deno.test("ustore.order-approval reports services that are none, and onFailures that are none", async () => {
  const pricing = { url: "http://127.0.0.1:9/" };
  const groups = [1];
  assertEquals(await mistakesOf(KIND, { groups, otherwise: { ask: "pricng" } }, { pricing }), [
    'endpoints[0].otherwise.ask: found "pricng", wanted the name of a service ' +
    '(Did you mean "pricing"?)',
  ]);
  assertEquals(await mistakesOf(KIND, { groups, ...ASK }), [
    'endpoints[0].otherwise.ask: found "pricing", wanted the name of a service ' +
    "(There are no services in this config)",
  ]);
  const fails = (onFailure: object) =>
    mistakesOf(KIND, { groups, ...ASK }, { pricing: { ...pricing, onFailure } });
  assertEquals(await fails({ group: 7 }), []);
  const hint = "/hook asks this service: another kind of endpoint needs one of its own";
  assertEquals(await fails({ ask: "pricing" }), [
    'services.pricing.onFailure.ask: found unknown key "ask", wanted one of "group", "approve", ' +
    `"customConfig", "reject" (${hint})`,
  ]);
  assertEquals(await fails({ group: "7" }), [
    'services.pricing.onFailure.group: found "7", wanted a whole number from 0 to 2147483647 ' +
    "(Write it without the quotes)",
  ]);
  assertEquals(await mistakesOf(KIND, ASK, { pricing }), [
    "endpoints[0].groups: found nothing, wanted the ids of the groups that a service may name " +
    '(For example: "groups": [10065])',
  ]);
});

Deno.test("ustore.order-approval tells the mistakes of a service's own settings once", async () => {
  const pricing = { url: "ftp://x", onFailure: { group: 1 } };
  assertEquals(await mistakesOf(KIND, ASK, { pricing }), [
    'services.pricing.url: found "ftp://x", wanted a URL that starts with http:// or https://',
  ]);
});
