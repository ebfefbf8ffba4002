import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import {
  containsText,
  indexOfText,
  lastIndexOfText,
  splitText,
} from "../../../../lib/rules/cel/text.ts";

Deno.test("the search of long parts finds what the runtime finds", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 12 });
  fc.assert(fc.property(letters, letters, (part, seed) => {
    // Long enough for the product of both to be beyond what the runtime is asked.
    const long = part.repeat(Math.ceil(4000 / part.length));
    const text = `${seed}${long}${seed}${long}${long}`;
    assertEquals(indexOfText(text, long), text.indexOf(long));
    assertEquals(lastIndexOfText(text, long), text.lastIndexOf(long));
    assertEquals(splitText(text, long), text.split(long));
  }));
});

Deno.test("the search of long parts takes time that grows with the text alone", () => {
  const half = "a".repeat(50_000);
  const part = `${half}b${half}`;
  const text = "a".repeat(1_000_000);
  const startedAt = performance.now();
  assertEquals(containsText(text, part), false);
  assertEquals(lastIndexOfText(text, part), -1);
  assertEquals(splitText(text, part), [text]);
  assert(performance.now() - startedAt < 2000);
});
