import { assertEquals } from "@std/assert";
import { createEvaluationCache } from "../../../../lib/rules/cel/evaluation.ts";
import { compiled, mistakeIn } from "../shop.ts";

/** All true by the clocks of Berlin; `order.id` is a time without a zone. */
const TRUE = [
  "order.id.hour() == 12 && order.id.minute() == 47",
  "timestamp(order.id).hour() == 12",
  "timestamp(order.id).getHours() == 11",
  "timestamp(order.id).getHours('America/New_York') == 6",
  "timestamp(order.id).getHours('-02:00') == 9 && timestamp(order.id).getHours('02:00') == 13",
  "order.id.weekday() == 'Tuesday' && timestamp(order.id).getDayOfWeek() == 2",
  "order.id.date() == '2022-11-22' && '2022-11-22T23:30:00Z'.date() == '2022-11-23'",
  "timestamp(order.id).getMonth() == 10 && timestamp(order.id).getDate('UTC') == 22",
  "timestamp(order.id).getDayOfYear() == 325 && timestamp(order.id).getDayOfMonth() == 21",
  "timestamp(order.id).getFullYear('Asia/Tokyo') == 2022",
  "daysBetween(order.id, '2022-12-24') == 32 && daysBetween('2022-12-24', order.id) == -32",
  "daysBetween(timestamp(order.id), '2022-11-23') == 1",
  "timestamp('2022-11-22T12:47:36Z') - timestamp(order.id) == duration('1h') - duration('197ms')",
  "order.id.hour() in [11, 12] && order.id.hour() > 11.5",
];

for (const when of TRUE) {
  Deno.test(`times are read in the zone of the config: ${when}`, () => {
    const context = { order: { id: "2022-11-22T12:47:36.197" }, item: {} };
    const cache = createEvaluationCache({ timeZone: "Europe/Berlin" });
    assertEquals(compiled(when).test(context, cache), true);
  });
}

Deno.test("a rule tells whether it read times in the zone of the config", () => {
  const context = { order: { id: "2022-11-22T12:47:36.197" }, item: {} };
  const cases = [
    ["order.id.hour() == 12", true],
    ["timestamp(order.id).getHours() == 12", true],
    ["order.id == ''", false],
    ["order.id != '' || order.id.hour() == 12", false],
  ] as const;
  for (const [when, uses] of cases) {
    const cache = createEvaluationCache({ timeZone: "Europe/Berlin" });
    compiled(when).test(context, cache);
    assertEquals(cache.usesTimeZone, uses, when);
  }
});

Deno.test("a zone that is none is a mistake with the nearest name", () => {
  const { message, hint, column } = mistakeIn(
    "timestamp(order.id).getHours('Europe/Belrin') == 1",
  );
  assertEquals([message, hint, column], [
    'There is no time zone "Europe/Belrin"',
    "Did you mean 'Europe/Berlin'?",
    30,
  ]);
});
