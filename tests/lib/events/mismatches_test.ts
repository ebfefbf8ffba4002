import { assertEquals } from "@std/assert";
import * as z from "zod";
import {
  anyObject,
  describeMismatches,
  flag,
  integer,
  listOf,
  number,
  object,
  text,
} from "../../../lib/events/mismatches.ts";

const schema = z.looseObject({
  name: text,
  total: number,
  count: integer,
  valid: flag,
  mixins: anyObject,
  items: listOf(object({ quantity: number, tags: listOf(text) })),
});

const CASES: readonly (readonly [json: string, warnings: readonly string[]])[] = [
  ["{}", []],
  ['{"name":null,"total":null,"count":null,"valid":null,"mixins":null,"items":null}', []],
  ['{"unknown":[1],"__proto__":1,"items":[{"other":{}},null]}', []],
  ['{"total":"2"}', ['total: found "2", wanted a number']],
  ['{"total":"19,90"}', ['total: found "19,90", wanted a number']],
  ['{"total":"a secret"}', ["total: found a text, wanted a number"]],
  ['{"total":1e999}', ["total: found a number that is too large, wanted a number"]],
  ['{"name":4111111111111111}', ["name: found an integer, wanted text"]],
  ['{"name":1.5}', ["name: found a number with decimals, wanted text"]],
  ['{"count":1.5}', ["count: found a number with decimals, wanted an integer"]],
  ['{"count":9007199254740993}', ["count: found a number that is too large, wanted an integer"]],
  ['{"valid":"yes"}', ['valid: found "yes", wanted true or false']],
  ['{"valid":1}', ["valid: found an integer, wanted true or false"]],
  ['{"mixins":[]}', ["mixins: found a list, wanted an object"]],
  ['{"items":{}}', ["items: found an object, wanted a list"]],
  ['{"items":[{"quantity":true}]}', ["items[0].quantity: found true, wanted a number"]],
  ['{"items":[{},{"tags":["a",{}]}]}', ["items[1].tags[1]: found an object, wanted text"]],
  ['{"name":{},"total":[]}', [
    "name: found an object, wanted text",
    "total: found a list, wanted a number",
  ]],
  ["[]", ["the event: found a list, wanted an object"]],
  ["null", ["the event: found null, wanted an object"]],
];

for (const [json, warnings] of CASES) {
  Deno.test(`describeMismatches() judges ${json}`, () => {
    assertEquals(describeMismatches(schema, JSON.parse(json)), warnings);
  });
}

Deno.test("describeMismatches() counts what is beyond 20", () => {
  const warnings = describeMismatches(schema, { items: Array(100).fill({ quantity: "x" }) });
  assertEquals(warnings.length, 21);
  assertEquals(warnings.at(-1), "and 80 more of this kind");
});
