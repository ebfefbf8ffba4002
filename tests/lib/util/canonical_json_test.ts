import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { canonicalJson } from "../../../lib/util/canonical_json.ts";
import { assertProportional } from "../../growth.ts";
import { spelling } from "./spelling.ts";

Deno.test("canonicalJson() sorts keys by code units, those like integers too", () => {
  assertEquals(
    canonicalJson('{"9":1,"10":2,"B":3,"a":4,"\\ud83d\\ude00":5,"\uffff":6,"__proto__":7}'),
    '{"10":2,"9":1,"B":3,"__proto__":7,"a":4,"\u{1f600}":5,"\uffff":6}',
  );
});

Deno.test("canonicalJson() keeps the text of numbers", () => {
  const numbers = "[1,1.0,-0,1e2,1E+2,12345678901234567890,0.10]";
  assertEquals(canonicalJson(numbers), numbers);
});

Deno.test("canonicalJson() lets the last of two members with one name count", () => {
  assertEquals(canonicalJson('{"a":1,"\\u0061":[2]}'), '{"a":[2]}');
});

for (const json of ["1.50", '"é"', "null", "[]", "{}", '{"":""}', '["",[""]]']) {
  Deno.test(`canonicalJson() leaves ${json}`, () => {
    assertEquals(canonicalJson(json), json);
  });
}

Deno.test("canonicalJson() means the same and is one for all spellings", () => {
  const anySpellings = fc.jsonValue().chain((value) =>
    fc.tuple(fc.constant(value), spelling(value), spelling(value))
  );
  fc.assert(fc.property(anySpellings, ([value, one, other]) => {
    assertEquals(JSON.parse(canonicalJson(one)), JSON.parse(JSON.stringify(value)));
    assertEquals(canonicalJson(one), canonicalJson(other));
    assertEquals(canonicalJson(canonicalJson(one)), canonicalJson(one));
  }));
});

Deno.test("canonicalJson() takes time in proportion to the text, however deep it is", () => {
  const nested = (length: number, depth: number) =>
    "[".repeat(depth) + JSON.stringify("x".repeat(length)) + "]".repeat(depth);
  const [flat, deep] = [nested(300_000, 12), nested(6_000_000, 240)];
  assertEquals(canonicalJson(deep), deep);
  assertProportional({
    small: () => canonicalJson(flat),
    large: () => canonicalJson(deep),
    times: 20,
  });
});
