import { assertEquals } from "@std/assert";
import type { StoredDelivery } from "../../../lib/journal/delivery.ts";
import type { Decision } from "../../../lib/rules/decision.ts";
import { compare } from "../../../lib/trials/backtest/compare.ts";

const body = new TextEncoder().encode("{}");

/** A decision by a row of a table. */
function byRow(line: number, cells: Readonly<Record<string, string>>): Decision {
  return {
    rule: `plants.csv line ${line}`,
    row: { rule: "plants", line, cells },
    outcome: { group: 7 },
    tried: 1,
    failures: [],
  };
}

function changeOf(then: Decision, now: Decision): string | undefined {
  const delivery: StoredDelivery = {
    ...{ id: "id", endpoint: "/a", kind: "k", requestId: "r", receivedAt: 0, answeredAt: 0 },
    ...{ remoteAddress: "", verifiedBy: "key", status: 200, answer: body, decisions: [then] },
    ...{ rules: [], headers: [], body, bodyBytes: 2, repeatOf: null, erasedAt: null },
  };
  return compare(delivery, { status: 200, body, decisions: [now] })?.change;
}

Deno.test("compare() takes a row that moved for the same one, and another one for another rule", () => {
  const cells = { state: "NY | NJ", quantity: ">= 1000" };
  assertEquals(changeOf(byRow(14, cells), byRow(14, cells)), undefined);
  assertEquals(changeOf(byRow(14, cells), byRow(15, { ...cells })), undefined);
  assertEquals(changeOf(byRow(14, cells), byRow(15, { state: "NY | NJ" })), "rule");
  assertEquals(changeOf(byRow(14, {}), byRow(15, cells)), "rule");
  const { row: _, ...plain } = byRow(14, cells);
  assertEquals(changeOf(byRow(14, cells), { ...plain, rule: "large" }), "rule");
});
