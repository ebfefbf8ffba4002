import { assert, assertEquals, assertThrows } from "@std/assert";
import { EVENT_NAMES } from "../../../handlers/ultracart/event_names.ts";
import { ORDER_CREATE_JSON } from "../../../handlers/ultracart/order_sample.ts";
import { ShapeError } from "../../../lib/rules/cel/evaluation.ts";
import { readAll, readOne, textOf } from "./read_one.ts";

const EVENTS = new URL(
  "../../../handlers/ultracart/samples/order_create.events.json",
  import.meta.url,
);

/** The vendor's sample in both shapes of body. */
const SAMPLES: Readonly<Record<string, string>> = {
  "order_create.ts": ORDER_CREATE_JSON,
  "order_create.events.json": await Deno.readTextFile(EVENTS),
};

for (const [file, json] of Object.entries(SAMPLES)) {
  Deno.test(`readUltraCartEvent() reads ${file} without a warning`, () => {
    const [event, ...others] = readAll(json);
    assert(event !== undefined);
    assertEquals(others, []);
    const { payload, key, ...rest } = event;
    assertEquals(rest, {
      source: "ultracart",
      type: "order_create",
      candidates: [],
      subject: "order/DEMO-0009103373",
      occurredAt: Date.parse("2016-04-07T14:07:36-04:00"),
      warnings: [],
    });
    const text = new TextDecoder().decode(payload);
    assert(json.includes(`"order_create": ${text}`));
    assert(text.includes('"value": 20.0,'));
    assert(/^[\da-f]{64}$/.test(key));
  });
}

Deno.test("readUltraCartEvent() gives the sample one key in both shapes of body", () => {
  const keys = Object.values(SAMPLES).map((json) => readAll(json)[0]?.key);
  assertEquals(keys[0], keys[1]);
});

Deno.test("readUltraCartEvent() reads several events of an element, in order", () => {
  const json =
    '[{"order_create":{"a":1.0},"item_update":{ },"order_create":{"a":2}},{},{"user_login":{}}]';
  assertEquals(
    readAll(json).map((event) => [event.type, textOf(event)]),
    [
      ["order_create", '{"a":1.0}'],
      ["item_update", "{ }"],
      ["order_create", '{"a":2}'],
      ["user_login", "{}"],
    ],
  );
});

for (const json of ["[]", '{"events":[]}', '{"more":1,"events":[ ]}']) {
  Deno.test(`readUltraCartEvent() finds no events in ${json}`, () => {
    assertEquals(readAll(json), []);
  });
}

const MISSHAPEN: readonly (readonly [
  json: string,
  path: string,
  found: string,
  wanted: string,
])[] = [
  ["5", "body", "5", "list"],
  ['"text"', "body", '"text"', "list"],
  ["null", "body", "null", "list"],
  ["{}", "events", "nothing", "list"],
  ['{"order_create":{}}', "events", "nothing", "list"],
  ['{"events":{"a":1}}', "events", '{"a":1}', "list"],
  ['{"events":[],"events":null}', "events", "null", "list"],
  ["[{}]", "body[0]", "{}", "object"],
  ['{"more":1,"events":[{ },{}]}', "events[0]", "{ }", "object"],
  ["[{},5]", "body[1]", "5", "object"],
  ['{"events":[[]]}', "events[0]", "[]", "object"],
  [`["${"x".repeat(100)}"]`, "body[0]", `"${"x".repeat(59)}…`, "object"],
];

for (const [json, path, found, wanted] of MISSHAPEN) {
  Deno.test(`readUltraCartEvent() refuses ${json}`, () => {
    const error = assertThrows(() => readAll(json), ShapeError);
    assertEquals([error.path, error.found, error.wanted], [path, found, wanted]);
  });
}

const SUBJECTS: readonly (readonly [name: string, object: string, subject: string])[] = [
  ["order_delete", '{"order_id":"DEMO-1"}', "order/DEMO-1"],
  ["order_stage_change", '{"order_id":"DEMO-1"}', "order/DEMO-1"],
  ["fulfillment_hold", '{"order_id":"DEMO-1"}', "order/DEMO-1"],
  ["chargeback_update", '{"order_id":"DEMO-1"}', "order/DEMO-1"],
  ["auto_order_rebill", '{"auto_order_oid":17,"order_id":"DEMO-1"}', "auto_order/17"],
  ["item_update", '{"merchant_item_id":"Bone"}', "item/Bone"],
  ["customer_create", '{"customer_profile_oid":1971831}', "customer/1971831"],
  ["checkout_cart_abandon", '{"cart_id":"04383"}', "cart/04383"],
  ["user_login", '{"user_id":5}', "user/5"],
  ["workflow_task_create", '{"workflow_task_uuid":"0b5e"}', "workflow_task/0b5e"],
  ["screen_recording", '{"order_id":"DEMO-1"}', ""],
  ["order_create", '{"order_id":{}}', ""],
  ["order_create", `{"order_id":"${"x".repeat(201)}"}`, ""],
  ["order_create", "[]", ""],
];

for (const [name, object, subject] of SUBJECTS) {
  Deno.test(`readUltraCartEvent() says that ${name} of ${object} is about "${subject}"`, () => {
    assertEquals(readOne(name, object).subject, subject);
  });
}

const WARNINGS: readonly (readonly [name: string, object: string, warnings: readonly string[]])[] =
  [
    ["order_create", '{"items":[{"quantity":"2"}],"new_field":{}}', [
      'items[0].quantity: found "2", wanted a number',
    ]],
    ["order_ship", '{"summary":{"total":{"value":"24.56","localized":null}}}', [
      'summary.total.value: found "24.56", wanted a number',
    ]],
    ["fulfillment_transmit", '{"shipping":{"tracking_numbers":"1Z"}}', [
      "shipping.tracking_numbers: found a text, wanted a list",
    ]],
    ["item_create", '{"kit":"false"}', ['kit: found "false", wanted true or false']],
    ["customer_update", '{"email":5}', ["email: found an integer, wanted text"]],
    ["auto_order_update", '{"items":[{"paused":0}]}', [
      "items[0].paused: found an integer, wanted true or false",
    ]],
    ["checkout_cart_abandon", '{"items":[{"unit_cost":{"value":"x"}}]}', [
      "items[0].unit_cost.value: found a text, wanted a number",
    ]],
    ["user_login", '{"anything":[1]}', []],
    ["order_dance", "{}", ["the event's name is not known"]],
    ["", '{"a":1}', ["the event's name is not known"]],
    ["order_create", "null", ["the event: found null, wanted an object"]],
    ["screen_recording", '"x"', ["the event: found a text, wanted an object"]],
  ];

for (const [name, object, warnings] of WARNINGS) {
  Deno.test(`readUltraCartEvent() keeps ${name} of ${object}`, () => {
    const event = readOne(name, object);
    assertEquals(event.warnings, warnings);
    assertEquals(event.type, name);
    assertEquals(textOf(event), object);
  });
}

Deno.test("readUltraCartEvent() knows the 43 names", () => {
  assertEquals(EVENT_NAMES.size, 43);
  for (const name of EVENT_NAMES) assertEquals(readOne(name, "{}").warnings, []);
});

const TIME = "2016-04-07T14:07:36-04:00";
const TIMES: readonly (readonly [name: string, object: object])[] = [
  ["auto_order_cancel", { canceled_dts: TIME }],
  ["auto_order_disable", { disabled_dts: TIME }],
  ["customer_create", { signup_dts: TIME }],
  ["customer_update", { last_modified_dts: TIME }],
  ["item_create", { creation_dts: TIME }],
  ["item_update", { creation_dts: "2015-01-01T00:00:00Z", last_modified_dts: TIME }],
  ["order_create", { creation_dts: TIME }],
  ["order_payment_process", { payment: { payment_dts: TIME } }],
  ["order_refund", { refund_dts: TIME }],
  ["order_reject", { reject_dts: TIME }],
];

for (const [name, object] of TIMES) {
  Deno.test(`readUltraCartEvent() reads when ${name} happened`, () => {
    assertEquals(readOne(name, JSON.stringify(object)).occurredAt, Date.parse(TIME));
    assertEquals(readOne(name, "{}").occurredAt, null);
    assertEquals(readOne(name, "null").occurredAt, null);
  });
}

Deno.test("readUltraCartEvent() takes the time of another fact for none", () => {
  assertEquals(readOne("order_ship", `{"creation_dts":"${TIME}"}`).occurredAt, null);
  assertEquals(readOne("toString", `{"creation_dts":"${TIME}"}`).occurredAt, null);
});
