import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { hasLongList } from "../../../../lib/http/request/long_lists.ts";

/** The length of the longest list in a document. */
function longestIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const own = Array.isArray(value) ? value.length : 0;
  return Math.max(own, ...Object.values(value).map(longestIn));
}

Deno.test("hasLongList() finds whether any list of a document is longer", () => {
  const document = fc.jsonValue({ maxDepth: 4 });
  fc.assert(
    fc.property(document, fc.integer({ min: 1, max: 6 }), fc.nat(2), (value, most, indent) => {
      const json = JSON.stringify(value, null, indent);
      assertEquals(
        hasLongList(new TextEncoder().encode(json), most),
        longestIn(value) > most,
        json,
      );
    }),
  );
});

Deno.test("hasLongList() takes members, texts and other lists for no elements", () => {
  const has = (json: string, most: number) => hasLongList(new TextEncoder().encode(json), most);
  assertEquals(has(String.raw`[{"a":1,"b":2,"c":3},"x,y\",z,\\",[1,2,3]]`, 3), false);
  assertEquals(has(String.raw`[{"a":1,"b":2,"c":3},"x,y\",z,\\",[1,2,3]]`, 2), true);
  assertEquals(has("[1,2,3,4]", 4), false);
  for (const broken of ["]]]],,,,", ",,,,,,,,", '"[[[[[[[', "[[[[[[[[", '"\\\\\\\\\\\\']) {
    assertEquals(has(broken, 2), false, broken);
  }
});
