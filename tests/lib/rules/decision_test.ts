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

Deno.test("traceOf() names the row of a table that decided, with its cells and its note", () => {
  const table = { file: "plants.csv", inputs: { state: "item.shipTo.stateCode" } };
  const rules = [{ name: "rush", when: "order.rush" }, { name: "plants", table }];
  const row = { rule: "plants", line: 14, cells: { state: "NY | NJ" }, note: "since March" };
  const decided = { rule: "plants.csv line 14", row, outcome: { keep: true }, failures: [] };
  assertEquals(traceOf({ ...decided, tried: 2 }, rules), [
    { rule: "rush", state: "not matched", when: "order.rush" },
    {
      rule: "plants.csv line 14",
      state: "matched",
      when: "state: NY | NJ",
      isOfTable: true,
      note: "since March",
    },
  ]);
  assertEquals(
    traceOf({ rule: "otherwise", outcome: { keep: true }, tried: 2, failures: [] }, rules)[1],
    {
      rule: "plants",
      state: "not matched",
      when: "no row of plants.csv fits; state: item.shipTo.stateCode",
      isOfTable: true,
    },
  );
});

Deno.test("traceOf() shows the row that decided about a part", () => {
  const row = { rule: "rates", line: 3, cells: {}, note: "everywhere" };
  const decision = { subject: "127", rule: "rates.csv line 3", row, outcome: {}, tried: 0 };
  assertEquals(traceOf({ ...decision, failures: [] }, RULES), [
    {
      rule: "rates.csv line 3",
      state: "matched",
      when: "whatever comes",
      isOfTable: true,
      note: "everywhere",
    },
  ]);
});
