import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { countEvents } from "../../../handlers/ultracart/count_events.ts";
import { sliceUltraCartEvents } from "../../../handlers/ultracart/read_events.ts";

const encoder = new TextEncoder();
const count = (json: string, limit = 1000) => countEvents(encoder.encode(json), limit);

Deno.test("countEvents() counts what is read, in both shapes of body", () => {
  const object = fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue({ maxDepth: 3 }));
  const element = fc.dictionary(fc.string({ unit: "grapheme" }), object, { minKeys: 1 });
  fc.assert(
    fc.property(
      fc.array(element, { maxLength: 8 }),
      fc.boolean(),
      fc.nat(2),
      object,
      (elements, wrapped, indent, { events: _, ...others }) => {
        const body = wrapped ? { ...others, events: elements } : elements;
        const json = JSON.stringify(body, null, indent);
        const found = sliceUltraCartEvents(json).length;
        // Lists of other members of the wrapper may count as well: never fewer.
        if (wrapped && Object.keys(others).length > 0) assert(count(json) >= found);
        else assertEquals(count(json), found, json);
      },
    ),
  );
});

Deno.test("countEvents() counts elements that hold nothing, and stops at the limit", () => {
  assertEquals(count("[{},{},{}]"), 3);
  assertEquals(count('{"events":[{},{},{}]}'), 3);
  assertEquals(count(`[${"{},".repeat(5000)}{}]`, 10), 11);
  assertEquals(count(`[{${'"a":{},'.repeat(5000)}"b":1}]`, 10), 11);
  for (const [events, counted] of [[9, 9], [10, 10], [11, 11], [12, 11]] as const) {
    const json = `[${Array.from({ length: events }, () => '{"a":{"b":[1,{"c":2}]}}').join()}]`;
    assertEquals(count(json, 10), counted);
  }
});

Deno.test("countEvents() takes no sign in a text for one of JSON", () => {
  assertEquals(count(String.raw`[{"a\"":{"b":"],}{[\\"}},{"c":"\\\""}]`), 2);
  for (const broken of ["", "[", '["', '[{"a', "]]]", "{}}}", '"', '"\\']) count(broken);
});
