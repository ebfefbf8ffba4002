import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { excerpt } from "../../../handlers/ustore/misshapen.ts";

Deno.test("excerpt() writes what JSON.stringify() writes, up to its length", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.integer({ min: 1, max: 80 }), (value, length) => {
    const document: unknown = JSON.parse(JSON.stringify(value));
    const text = JSON.stringify(document);
    const short = text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "");
    assertEquals(excerpt(document, length), text.length > length ? `${short}…` : text);
  }));
});

Deno.test("excerpt() cuts no character in half", () => {
  assertEquals(excerpt("ab\u{1F600}", 4), '"ab…');
  assertEquals(excerpt("ab\u{1F600}", 5), '"ab\u{1F600}…');
});

Deno.test("excerpt() reads deep and huge values", () => {
  const deep: unknown = JSON.parse("[".repeat(200_000) + "]".repeat(200_000));
  assertEquals(excerpt(deep, 5), "[[[[[…");
  const objects: unknown = JSON.parse('{"a":'.repeat(200_000) + "1" + "}".repeat(200_000));
  assertEquals(excerpt(objects, 8), '{"a":{"a…');
  assertEquals(excerpt("x".repeat(10_000_000), 5), '"xxxx…');
  assert(excerpt(new Array(1_000_000).fill({ a: 1 }), 60).endsWith("…"));
});
