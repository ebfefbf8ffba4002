import { assertEquals, assertMatch } from "@std/assert";
import * as fc from "fast-check";
import { eventKey } from "../../../lib/events/event_key.ts";

Deno.test("eventKey() gives different keys to parts that are the same text together", () => {
  const lists = [
    ["a", "bc"],
    ["ab", "c"],
    ["abc"],
    ["abc", ""],
    ["", "abc"],
    ["a", "b", "c"],
    ["a", "", "bc"],
    ["a2:bc"],
    ["1:a2:bc"],
    [],
    [""],
    ["", ""],
  ];
  assertEquals(new Set(lists.map(eventKey)).size, lists.length);
});

Deno.test("eventKey() gives one key exactly to equal parts", () => {
  const parts = fc.array(fc.stringMatching(/^[ab:0-2é]{0,3}$/), { maxLength: 4 });
  fc.assert(fc.property(parts, parts, (one, other) => {
    assertMatch(eventKey(one), /^[\da-f]{64}$/);
    assertEquals(eventKey(one) === eventKey(other), JSON.stringify(one) === JSON.stringify(other));
  }));
});
