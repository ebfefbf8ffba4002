import { assertEquals } from "@std/assert";
import expectedAnswer from "../../fixtures/ustore-order-approval.answer.json" with { type: "json" };
import { APPROVAL, edit, MANUFACTURER } from "./documents.ts";
import { ask, mistakesOf, open, type PlainAnswer, resultOf, shapeErrorOf } from "./open.ts";

const KIND = "ustore.order-approval";

function decidedBy(then: object, document: unknown = APPROVAL, settings: object = {}) {
  return resultOf(KIND, { ...settings, otherwise: then }, document);
}

function asked(customConfig: unknown): Promise<PlainAnswer["result"]> {
  const document = edit(APPROVAL, { "Order/CustomConfig": customConfig });
  return decidedBy({ customConfig: true }, document);
}

function unreadable(value: string) {
  return { code: "unreadable_custom_configuration", params: { value, example: "true;10065" } };
}

Deno.test("ustore.order-approval answers the vendor's order as the vendor does", async () => {
  assertEquals(await asked("true;10065"), JSON.stringify(expectedAnswer));
  assertEquals(await decidedBy({ customConfig: true }), JSON.stringify(expectedAnswer));
});

Deno.test("ustore.order-approval wants approval by the group", async () => {
  assertEquals(
    await decidedBy({ group: 7 }),
    '{"ApprovalGroupId":7,"IsApprovalNeeded":true}',
  );
  assertEquals(
    await decidedBy({ group: 0 }),
    '{"ApprovalGroupId":0,"IsApprovalNeeded":true}',
  );
});

Deno.test("ustore.order-approval approves, with the default group or none", async () => {
  assertEquals(
    await decidedBy({ approve: true }),
    '{"ApprovalGroupId":0,"IsApprovalNeeded":false}',
  );
  assertEquals(
    await decidedBy({ approve: true }, APPROVAL, { defaultGroup: 10065 }),
    '{"ApprovalGroupId":10065,"IsApprovalNeeded":false}',
  );
});

Deno.test("ustore.order-approval does as the custom configuration says", async () => {
  const needed = '{"ApprovalGroupId":10065,"IsApprovalNeeded":true}';
  const notNeeded = '{"ApprovalGroupId":12,"IsApprovalNeeded":false}';
  assertEquals(await asked("false;12"), notNeeded);
  assertEquals(await asked(" TRUE ; 10065 ; "), needed);
  assertEquals(await asked({ "@id": "1", "#text": "True;010065" }), needed);
  for (const no of ["false", " FALSE ; ", false]) {
    assertEquals(await asked(no), '{"ApprovalGroupId":0,"IsApprovalNeeded":false}');
  }
  assertEquals(
    await decidedBy(
      { customConfig: true },
      edit(APPROVAL, { "Order/CustomConfig": "false" }),
      { defaultGroup: 7 },
    ),
    '{"ApprovalGroupId":7,"IsApprovalNeeded":false}',
  );
  const renamed = { "Order/CustomConfig": null, "Order/CustomConfiguration": "false;12" };
  assertEquals(await decidedBy({ customConfig: true }, edit(APPROVAL, renamed)), notNeeded);
});

Deno.test("ustore.order-approval refuses a custom configuration that it cannot read", async () => {
  const texts = ["maybe", "true", "true;", "true;x", "true;-1", "true;1.5", "yes;1", "1;true"];
  for (const text of [...texts, "true;1;2", "true,1", "true;2147483648", "true;99999999999"]) {
    assertEquals(await asked(text), unreadable(text), text);
  }
  assertEquals(await asked(null), unreadable("-"));
  assertEquals(await asked(""), unreadable("-"));
  assertEquals(await asked(undefined), unreadable("-"));
  assertEquals(await asked({ "@id": "1" }), unreadable("-"));
  assertEquals(await asked(true), unreadable("true"));
});

Deno.test("ustore.order-approval does not read a custom configuration that nobody asks for", async () => {
  const document = edit(APPROVAL, { "Order/CustomConfig": ["true;1"] });
  assertEquals(
    await decidedBy({ group: 7 }, document),
    '{"ApprovalGroupId":7,"IsApprovalNeeded":true}',
  );
  assertEquals(
    await shapeErrorOf(KIND, { otherwise: { customConfig: true } }, document),
    'Order.CustomConfig: ["true;1"], text',
  );
});

Deno.test("ustore.order-approval refuses with a text or with texts by language", async () => {
  assertEquals(await decidedBy({ reject: "No more than 500" }), {
    code: "refused",
    params: {},
    messages: "No more than 500",
  });
  assertEquals(await decidedBy({ reject: { en: "No", "de-AT": "Na" } }), {
    code: "refused",
    params: {},
    messages: { en: "No", "de-AT": "Na" },
  });
});

Deno.test("ustore.order-approval refuses when nothing decides", async () => {
  assertEquals(await ask(await open(KIND), APPROVAL), {
    result: { code: "undecided", params: {} },
    decisions: [{ rule: null, outcome: null, tried: 0, failures: [] }],
  });
});

Deno.test("ustore.order-approval tells which rule decided, and which failed before it", async () => {
  const endpoint = await open(KIND, {
    rules: [
      { name: "ratio", when: "order.total / order.discount > 1", then: { group: 1 } },
      { name: "small", when: "order.total < 2", then: { group: 2 } },
      { name: "any", when: "true", then: { group: 3 } },
    ],
  });
  assertEquals(endpoint.rules.map(({ name }) => name), ["ratio", "small", "any"]);
  assertEquals(await ask(endpoint, APPROVAL), {
    result: '{"ApprovalGroupId":2,"IsApprovalNeeded":true}',
    decisions: [{
      rule: "small",
      outcome: { group: 2 },
      tried: 2,
      failures: [{ rule: "ratio", reason: "division by zero" }],
    }],
  });
});

Deno.test("ustore.order-approval decides the manufacturer webhook's document too", async () => {
  const rules = [{
    name: "east",
    when: "order.items.all(i, i.shipTo.stateCode == 'PA')",
    then: { group: 7 },
  }];
  const answer = '{"ApprovalGroupId":7,"IsApprovalNeeded":true}';
  assertEquals(await resultOf(KIND, { rules }, MANUFACTURER), answer);
});

Deno.test("ustore.order-approval takes a fallback where the custom configuration says nothing", async () => {
  const fallbacks = [
    [{ approve: true }, '{"ApprovalGroupId":0,"IsApprovalNeeded":false}'],
    [{ group: 9 }, '{"ApprovalGroupId":9,"IsApprovalNeeded":true}'],
    [{ reject: "No" }, { code: "refused", params: {}, messages: "No" }],
  ] as const;
  for (const [otherwise, expected] of fallbacks) {
    const outcome = { customConfig: { otherwise } };
    for (const none of [null, "", " ", undefined, { "@id": "1" }]) {
      const document = edit(APPROVAL, { "Order/CustomConfig": none });
      assertEquals(await decidedBy(outcome, document), expected);
    }
    assertEquals(await decidedBy(outcome), JSON.stringify(expectedAnswer));
    const wrong = edit(APPROVAL, { "Order/CustomConfig": "maybe;x" });
    assertEquals(await decidedBy(outcome, wrong), unreadable("maybe;x"));
  }
});

Deno.test("ustore.order-approval says what to write in place of approve: false", async () => {
  assertEquals(await mistakesOf(KIND, { otherwise: { approve: false } }), [
    "endpoints[0].otherwise.approve: found false, wanted true: the order is approved at once and " +
    'nobody is asked. To have a group approve it, write { "group": 10065 }',
  ]);
});

Deno.test("ustore.order-approval refuses an order of which nothing can be read", async () => {
  const settings = { otherwise: { group: 1 } };
  const found = "Order.OrderProducts: nothing, items";
  for (const order of [{}, { Bestellung: { Posten: [1] } }, { "@OrderId": null, Prices: "" }]) {
    assertEquals(await shapeErrorOf(KIND, settings, { Order: order }), found);
  }
  const renamed = edit(APPROVAL, {
    "Order/OrderProducts": undefined,
    "Order/Positions": [{ "@id": "1" }],
  });
  const rules = [{ name: "all", when: "order.items.all(i, i.total > 1)", then: { group: 1 } }];
  assertEquals(await shapeErrorOf(KIND, { ...settings, rules }, renamed), found);
  // Also where no rule reads them.
  assertEquals(await shapeErrorOf(KIND, settings, renamed), found);
  const bare = edit(APPROVAL, { "Order/OrderProducts": { OrderProduct: null } });
  const below = "Order.OrderProducts.OrderProduct: null, items";
  assertEquals(await shapeErrorOf(KIND, settings, bare), below);
});

Deno.test("ustore.order-approval answers an order whose list of items is empty", async () => {
  const endpoint = await open(KIND, { otherwise: { group: 1 } });
  for (const none of [[], { OrderProduct: [] }]) {
    const { result } = await ask(endpoint, edit(APPROVAL, { "Order/OrderProducts": none }));
    assertEquals(result, '{"ApprovalGroupId":1,"IsApprovalNeeded":true}');
  }
});

Deno.test("ustore.order-approval wants an order", async () => {
  for (const document of [null, "", {}, { Order: null }, { order: {} }]) {
    const text = await shapeErrorOf(KIND, { otherwise: { approve: true } }, document);
    assertEquals(text.replace("null", "nothing"), "Order: nothing, present");
  }
  const settings = { otherwise: { approve: true } };
  assertEquals(await shapeErrorOf(KIND, settings, [1]), "the body: [1], object");
  assertEquals(await shapeErrorOf(KIND, settings, 5), "the body: 5, object");
  assertEquals(await shapeErrorOf(KIND, settings, { Order: [] }), "Order: [], object");
  assertEquals(await shapeErrorOf(KIND, settings, { Order: "x" }), 'Order: "x", object');
});

Deno.test("ustore.order-approval reports the mistakes of its settings", async () => {
  const hint = 'Did you mean "group"?';
  const wanted = 'wanted one of "group", "approve", "customConfig", "reject", "ask"';
  const rules = [{ name: "a", when: "order.totl > 5", then: { group: 1 } }];
  assertEquals(await mistakesOf(KIND, { rules, otherwise: { groupp: 1 } }), [
    'endpoints[0].rules[0].when: Rule "a", column 7: Unknown field "totl" of Order (Did you mean \'total\'?)',
    `endpoints[0].otherwise.groupp: found unknown key "groupp", ${wanted} (${hint})`,
  ]);
  assertEquals(await mistakesOf(KIND, { otherwise: { group: -1 } }), [
    "endpoints[0].otherwise.group: found -1, wanted a whole number from 0 to 2147483647",
  ]);
});
