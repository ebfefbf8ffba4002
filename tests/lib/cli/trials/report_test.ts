import { assertEquals } from "@std/assert";
import { setColorEnabled } from "@std/fmt/colors";
import type { Difference, Side } from "../../../../lib/trials/backtest/compare.ts";
import { describeDifference } from "../../../../lib/cli/trials/report.ts";

function lines(then: Partial<Side>, now: Partial<Side>): string[] {
  setColorEnabled(false);
  const side: Side = { status: 200, rules: [], answer: "{}" };
  const difference: Difference = {
    id: "id",
    receivedAt: 0,
    endpoint: "/a",
    change: "answer",
    then: { ...side, ...then },
    now: { ...side, ...now },
  };
  return describeDifference(difference).slice(1);
}

Deno.test("describeDifference() shows of long answers the piece that differs", () => {
  const [start, end] = ["s".repeat(1000), "e".repeat(1000)];
  assertEquals(lines({ answer: `${start}then${end}` }, { answer: `${start}now${end}` }), [
    "  rule  -",
    `  then  200 …${"s".repeat(60)}then${"e".repeat(136)}…`,
    `  now   200 …${"s".repeat(60)}now${"e".repeat(137)}…`,
  ]);
});

Deno.test("describeDifference() shows the first of many items", () => {
  const items = Array.from({ length: 8 }, (_, index) => String(index));
  const then = { rules: items.map((subject) => ({ subject, rule: "a" })) };
  const now = {
    rules: [
      ...items.slice(0, 6).map((subject) => ({ subject, rule: null })),
      { subject: "6", rule: "a" },
    ],
  };
  assertEquals(lines(then, now).slice(0, 6), [
    "  rule  item 0: a → no rule",
    "  rule  item 1: a → no rule",
    "  rule  item 2: a → no rule",
    "  rule  item 3: a → no rule",
    "  rule  item 4: a → no rule",
    "  rule  … and 2 other items",
  ]);
});

Deno.test("describeDifference() lets nothing from the outside control the terminal", () => {
  const [, then] = lines({ answer: "\x1b[2J" }, { answer: "\ud800" });
  assertEquals(then, "  then  200 \\u001b[2J");
});
