import { assertEquals } from "@std/assert";
import { traceOf } from "../../../lib/rules/decision.ts";

const RULES = [{ name: "first" }, { name: "second" }, { name: "third" }];

Deno.test("traceOf() names every rule that was tried, and no other", () => {
  const decision = { rule: "second", outcome: {}, tried: 2, failures: [] };
  assertEquals(traceOf(decision, RULES), [
    { rule: "first", state: "not matched" },
    { rule: "second", state: "matched" },
  ]);
});

Deno.test("traceOf() tells a rule that failed from one that did not match", () => {
  const failures = [{ rule: "first", reason: "division by zero" }];
  const decision = { rule: "otherwise", outcome: {}, tried: 3, failures };
  assertEquals(traceOf(decision, RULES), [
    { rule: "first", state: "failed", reason: "division by zero" },
    { rule: "second", state: "not matched" },
    { rule: "third", state: "not matched" },
  ]);
});
