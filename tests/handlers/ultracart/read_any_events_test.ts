import { assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { EVENT_NAMES } from "../../../handlers/ultracart/event_names.ts";
import { ShapeError } from "../../../lib/rules/cel/evaluation.ts";
import { canonicalJson } from "../../../lib/util/sorted_json.ts";
import { assertProportional } from "../../growth.ts";
import { spelling } from "../../lib/util/spelling.ts";
import { readAll, readOne, textOf } from "./read_one.ts";

Deno.test("readUltraCartEvent() tells events apart by name and object", () => {
  const { key } = readOne("order_create", '{"order_id":"DEMO-1","total":20.0}');
  assertEquals(readOne("order_create", '{ "total":20.0, "order_id":"DEMO-1" }').key, key);
  assertNotEquals(readOne("order_update", '{"order_id":"DEMO-1","total":20.0}').key, key);
  assertNotEquals(readOne("order_create", '{"order_id":"DEMO-2","total":20.0}').key, key);
  assertNotEquals(readOne("order_create", '{"order_id":"DEMO-1","total":20.1}').key, key);
});

Deno.test("readUltraCartEvent() gives equal keys exactly to equal canonical forms", () => {
  const anyValue = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom(0, { a: 1 }, { a: [1] }),
  );
  const apart = fc.tuple(anyValue.chain(spelling), anyValue.chain(spelling));
  const twice = anyValue.chain((value) => fc.tuple(spelling(value), spelling(value)));
  fc.assert(fc.property(fc.oneof(apart, twice), ([one, other]) => {
    const sameKey = readOne("item_update", one).key === readOne("item_update", other).key;
    assertEquals(sameKey, canonicalJson(one) === canonicalJson(other));
  }));
});

Deno.test("readUltraCartEvent() gives back the events that were joined", () => {
  const anyEvent = fc.record({
    name: fc.oneof(fc.constantFrom(...EVENT_NAMES), fc.string({ unit: "binary" })),
    text: fc.jsonValue().chain(spelling),
  });
  fc.assert(fc.property(fc.array(fc.array(anyEvent)), fc.boolean(), (elements, wrapped) => {
    fc.pre(elements.length === 0 || elements.flat().length > 0);
    const list = elements.map((events) =>
      `{${events.map(({ name, text }) => `${JSON.stringify(name)}: ${text}`).join(" , ")}}`
    ).join(",\n");
    const events = readAll(wrapped ? `{"events": [${list}]}` : `[${list}]`);
    assertEquals(
      events.map((event) => ({ name: event.type, text: textOf(event) })),
      elements.flat().map(({ name, text }) => ({ name, text: text.toWellFormed() })),
    );
  }));
});

Deno.test("readUltraCartEvent() throws nothing but shape errors", () => {
  fc.assert(fc.property(fc.jsonValue().chain(spelling), (json) => {
    try {
      readAll(json);
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
    }
  }));
});

Deno.test("readUltraCartEvent() takes time in proportion to the number of events", () => {
  const element = JSON.stringify({ order_create: { order_id: "DEMO-1", text: "x".repeat(560) } });
  const textOf = (count: number) => `[${Array(count).fill(element).join(",")}]`;
  const [few, many] = [textOf(500), textOf(10_000)];
  assertEquals(readAll(many).length, 10_000);
  assertProportional({
    small: () => readAll(few),
    large: () => readAll(many),
    times: 20,
  });
});
