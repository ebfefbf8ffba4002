import { assertEquals, assertLess } from "@std/assert";
import fc from "fast-check";
import { sliceElements, sliceMembers } from "../../../lib/util/json_slice.ts";
import { assertProportional } from "../../growth.ts";
import { spelling } from "./spelling.ts";

Deno.test("sliceMembers() keeps numbers, escapes and white space", () => {
  const json = ' {"a" :\t1.00 , "\\u0062":"\\u00e9\\/", "c":{ "d" : [ 1e5 ] },"e":null}\n';
  assertEquals(sliceMembers(json), [
    { name: "a", text: "1.00" },
    { name: "b", text: '"\\u00e9\\/"' },
    { name: "c", text: '{ "d" : [ 1e5 ] }' },
    { name: "e", text: "null" },
  ]);
});

Deno.test("sliceMembers() gives both members of a name that stands twice", () => {
  assertEquals(sliceMembers('{"a":1,"a":2}'), [{ name: "a", text: "1" }, { name: "a", text: "2" }]);
});

Deno.test("sliceMembers() gives members with the names of Object.prototype", () => {
  assertEquals(sliceMembers('{"__proto__":{"x":1},"":2}'), [
    { name: "__proto__", text: '{"x":1}' },
    { name: "", text: "2" },
  ]);
});

for (const json of ["[]", '"{}"', "1", "null", "true"]) {
  Deno.test(`sliceMembers() knows that ${json} is no object`, () => {
    assertEquals(sliceMembers(json), undefined);
  });
}

for (const json of ["{}", '"[]"', "1", "null", "true"]) {
  Deno.test(`sliceElements() knows that ${json} is no array`, () => {
    assertEquals(sliceElements(json), undefined);
  });
}

Deno.test("sliceElements() cuts every kind of value", () => {
  const texts = ["[]", "{}", '""', "-0.0", "true", "null", '[{"a":[]}]', '"]"', '"\u2028"'];
  assertEquals(sliceElements(`[${texts.join(" ,\r\n")}]`), texts);
});

Deno.test("sliceElements() gives back what was joined", () => {
  const anyText = fc.jsonValue().chain((value) => spelling(value));
  fc.assert(fc.property(fc.array(anyText), (texts) => {
    assertEquals(sliceElements(`[${texts.join(",")}]`), texts);
  }));
});

Deno.test("sliceMembers() gives back what was joined", () => {
  const anyMember = fc.record({
    name: fc.string({ unit: "binary" }),
    text: fc.jsonValue().chain((value) => spelling(value)),
  });
  fc.assert(fc.property(fc.array(anyMember), (members) => {
    const json = members.map(({ name, text }) => `${JSON.stringify(name)}: ${text}`).join(", ");
    assertEquals(sliceMembers(`{${json}}`), members);
  }));
});

Deno.test("sliceElements() takes time in proportion to the number of elements", () => {
  const element = JSON.stringify({
    order_create: {
      order_id: "DEMO-1",
      items: Array(9).fill({ cost: 20.5, text: "x".repeat(40) }),
    },
  });
  const textOf = (count: number) => `[${Array(count).fill(element).join(",")}]`;
  const cut = (json: string) =>
    (sliceElements(json) ?? []).flatMap((text) => sliceMembers(text) ?? []).length;
  const [few, many] = [textOf(500), textOf(10_000)];
  assertLess(6_000_000, many.length);
  assertEquals(cut(many), 10_000);
  assertProportional({ small: () => cut(few), large: () => cut(many), times: 20 });
});
