import { assertEquals } from "@std/assert";
import { nearest } from "../../../lib/util/words.ts";

Deno.test("nearest() finds the word with the fewest differences", () => {
  assertEquals(nearest("totl", ["id", "subtotal", "total"]), "total");
  assertEquals(nearest("departement", ["department", "jobTitle"]), "department");
});

Deno.test("nearest() does not mind case", () => {
  assertEquals(nearest("STATECODE", ["state", "stateCode"]), "stateCode");
});

Deno.test("nearest() finds nothing when nothing is near", () => {
  assertEquals(nearest("colour", ["id", "total"]), undefined);
  assertEquals(nearest("ax", ["id"]), undefined);
  assertEquals(nearest("", ["id"]), undefined);
  assertEquals(nearest("total", []), undefined);
});

Deno.test("nearest() takes the first of several", () => {
  assertEquals(nearest("itex", ["item", "iter"]), "item");
});

Deno.test("nearest() does not compare endless words", () => {
  const endless = "x".repeat(1_000_000);
  assertEquals(nearest(endless, [endless]), undefined);
});
