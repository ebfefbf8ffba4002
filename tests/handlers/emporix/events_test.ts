import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { CART_EVENT_TYPES } from "../../../handlers/emporix/event_type.ts";
import { type EmporixDelivery, readEmporixEvent } from "../../../handlers/emporix/read_event.ts";
import { canonicalJson } from "../../../lib/util/sorted_json.ts";
import { spelling } from "../../lib/util/spelling.ts";

const samples = new URL("../../../handlers/emporix/samples/", import.meta.url);
const PUBLISHED = "2024-05-15T10:00:01Z";

function read(json: string, path = "", changes: Partial<EmporixDelivery> = {}) {
  return readEmporixEvent({
    body: new TextEncoder().encode(json),
    document: JSON.parse(json.replace(/^\ufeff/, "")),
    url: new URL(`https://hooks.example/emporix${path}`),
    headers: new Headers(),
    settings: { endpointPath: "/emporix" },
    publishTime: PUBLISHED,
    ...changes,
  });
}

function textOf(payload: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(payload);
}

for (const type of CART_EVENT_TYPES) {
  Deno.test(`readEmporixEvent() reads ${type} without a warning`, async () => {
    const json = await Deno.readTextFile(new URL(`${type}.json`, samples));
    const { payload, key, content, ...event } = read(json, `/${type}`);
    assertEquals(event, {
      source: "emporix",
      type,
      candidates: [],
      subject: type === "cart.updated" ? "cart/id-1" : "cart/5c9a7a4d0b2f4b0001d2c3e4",
      occurredAt: Date.parse(PUBLISHED),
      warnings: [],
    });
    assertEquals(textOf(payload), json.trim());
    assert(/^[\da-f]{64}$/.test(key));
    // It came with a time, which tells it from others that say the same.
    assertEquals(content, key);
  });
}

Deno.test("readEmporixEvent() warns of every field of cart.updated that has another type", async () => {
  const json = await Deno.readTextFile(new URL("cart.updated.json", samples));
  const leaves: string[] = [];
  const broken = JSON.stringify(JSON.parse(json, function (this: unknown, name, value: unknown) {
    const described = !["10", "9", "a", "en", "de", "loyalty"].includes(name);
    if (typeof value === "object" || !described) return value;
    leaves.push(name);
    return [];
  }));
  const { warnings } = read(broken, "/cart.updated");
  assertEquals(warnings.length, 21);
  assertEquals(warnings.at(-1), `and ${leaves.length - 20} more of this kind`);
});

const WARNINGS: readonly (readonly [path: string, json: string, warnings: readonly string[]])[] = [
  ["/cart.updated", '{"items":[{"quantity":"2"}]}', [
    'items[0].quantity: found "2", wanted a number',
  ]],
  ["/cart.created", '{"metadata":{"version":"1"},"id":null}', [
    'metadata.version: found "1", wanted a number',
  ]],
  ["/cart.created", "[]", ["the event: found a list, wanted an object"]],
  ["/cart.created", "null", ["the event: found null, wanted an object"]],
  ["/order.created", '{"id":7}', ["no schema for order.created"]],
  ["", "5", ["no event type in the URL, a header or a wrapper"]],
];

for (const [path, json, warnings] of WARNINGS) {
  Deno.test(`readEmporixEvent() keeps ${json} at ${path || "/"} with a warning`, () => {
    const event = read(json, path);
    assertEquals(event.warnings, warnings);
    assertEquals(textOf(event.payload), json);
  });
}

const SUBJECTS: readonly (readonly [path: string, json: string, subject: string])[] = [
  ["/cart.created", '{"id":"5c9a"}', "cart/5c9a"],
  ["/cart.item-added", '{"id":"x","cartId":"5c9a"}', "cart/5c9a"],
  ["/cart.created", '{"id":""}', ""],
  ["/cart.created", '{"id":{}}', ""],
  ["/cart.created", "[]", ""],
  ["/order.created", '{"id":"o-1","cartId":"5c9a"}', "order/o-1"],
  ["/order.created", '{"id":17}', "order/17"],
  ["/order.created", "{}", ""],
  ["", '{"cartId":"5c9a","itemId":"i-1"}', "cart/5c9a"],
  ["", '{"id":"5c9a","siteCode":"main"}', "cart/5c9a"],
  ["", '{"id":"o-1","entries":[],"x":1}', ""],
];

for (const [path, json, subject] of SUBJECTS) {
  Deno.test(`readEmporixEvent() says that ${json} at ${path || "/"} is about "${subject}"`, () => {
    assertEquals(read(json, path).subject, subject);
  });
}

Deno.test("readEmporixEvent() takes no endless text for an id", () => {
  assertEquals(read(JSON.stringify({ id: "x".repeat(201) }), "/cart.created").subject, "");
});

Deno.test("readEmporixEvent() cuts the event out of a wrapper as it was sent", () => {
  const payload = '{ "id": "5c9a", "metadata": {"version": 1.0} }';
  const wrapped = `{"payload": {"id":1}, "type": "CART.CREATED", "p\\u0061yload": ${payload}}`;
  const event = read(wrapped);
  assertEquals(event.type, "cart.created");
  assertEquals(event.subject, "cart/5c9a");
  assertEquals(textOf(event.payload), payload);
  assertEquals(event.warnings, []);
  assertEquals(event.key, read(payload, "/cart.created").key);
});

Deno.test("readEmporixEvent() leaves a byte order mark and white space out", () => {
  assertEquals(
    textOf(read('\ufeff\r\n {"id":"5c9a"} \n', "/cart.created").payload),
    '{"id":"5c9a"}',
  );
});

Deno.test("readEmporixEvent() takes the id of a message as the key", () => {
  assertEquals(read("{}", "/cart.created", { messageId: "msg_2b" }).key, "msg_2b");
});

Deno.test("readEmporixEvent() has no time without a publish time", () => {
  assertEquals(read("{}", "/cart.created", { publishTime: "" }).occurredAt, null);
});

Deno.test("readEmporixEvent() tells events apart by type, content and publish time", () => {
  const { key } = read('{"id":"5c9a"}', "/cart.created");
  assertEquals(read('{ "id" : "5c9\\u0061" }', "/CART.CREATED").key, key);
  assertNotEquals(read('{"id":"5c9a"}', "/cart.closed").key, key);
  assertNotEquals(read('{"id":"5c9b"}', "/cart.created").key, key);
  assertNotEquals(
    read('{"id":"5c9a"}', "/cart.created", { publishTime: "2024-05-15T10:00:02Z" }).key,
    key,
  );
});

Deno.test("readEmporixEvent() gives equal keys exactly to equal canonical forms", () => {
  // Few values, so that both outcomes are met often.
  const anyValue = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom(0, { a: 1 }, { a: [1] }),
  );
  const anyText = anyValue.chain(spelling);
  const twice = anyValue.chain((value) => fc.tuple(spelling(value), spelling(value)));
  fc.assert(fc.property(fc.oneof(fc.tuple(anyText, anyText), twice), ([one, other]) => {
    const sameKey = read(one, "/a.b").key === read(other, "/a.b").key;
    assertEquals(sameKey, canonicalJson(one) === canonicalJson(other));
  }));
});

Deno.test("readEmporixEvent() keeps every document as it was sent", () => {
  const anyPath = fc.constantFrom("", "/cart.updated", "/cart.item-added", "/order.created");
  fc.assert(fc.property(fc.jsonValue().chain(spelling), anyPath, (json, path) => {
    const { payload } = read(json, path);
    assertEquals(textOf(payload), json.trim());
  }));
});
