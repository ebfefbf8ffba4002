import { assertEquals } from "@std/assert";
import { id, message, rulesOf, signatureKeys } from "../../../handlers/ustore/settings.ts";
import * as z from "zod";

function accepts(schema: z.ZodType, value: unknown): boolean {
  return schema.safeParse(value).success;
}

Deno.test("signatureKeys wants at least one key that is more than white space", () => {
  for (const keys of [["a"], ["a", "b"], [" a "]]) assertEquals(accepts(signatureKeys, keys), true);
  for (const keys of [[], [""], [" "], ["a", "\n"], "a", [1]]) {
    assertEquals(accepts(signatureKeys, keys), false);
  }
});

Deno.test("id wants a whole number that fits a column of the store's database", () => {
  for (const value of [0, 1, 2147483647]) assertEquals(accepts(id, value), true);
  for (const value of [-1, 1.5, 2147483648, "1", null, NaN]) {
    assertEquals(accepts(id, value), false);
  }
});

Deno.test("message wants a text, or texts by language", () => {
  for (const texts of ["No", { en: "No" }, { "zh-Hant-TW": "x", de: "y" }]) {
    assertEquals(accepts(message, texts), true);
  }
  for (const texts of ["", {}, { en: "" }, { english: "x" }, { "en_US": "x" }, ["No"], 5]) {
    assertEquals(accepts(message, texts), false);
  }
});

Deno.test("rulesOf() wants a name, a condition and an outcome, and nothing else", () => {
  const rules = rulesOf(z.strictObject({ group: id }));
  const rule = { name: "a", when: "true", then: { group: 1 } };
  assertEquals(rules.parse(undefined), []);
  assertEquals(rules.parse([rule]), [rule]);
  const wrong = [{ ...rule, name: "" }, { ...rule, when: "" }, { ...rule, then: {} }, {
    ...rule,
    x: 1,
  }];
  for (const one of wrong) assertEquals(accepts(rules, [one]), false);
});
