import { assertEquals, assertMatch } from "@std/assert";
import * as fc from "fast-check";
import { eventKey, readEventTime } from "../../../lib/events/event.ts";

const TIMES: readonly (readonly [text: string, iso: string])[] = [
  ["2024-05-15T10:00:00.000Z", "2024-05-15T10:00:00.000Z"],
  ["2024-05-15t10:00:00z", "2024-05-15T10:00:00.000Z"],
  ["2024-05-15T10:00:00.123456789Z", "2024-05-15T10:00:00.123Z"],
  ["2016-04-07T14:07:36-04:00", "2016-04-07T18:07:36.000Z"],
  ["2016-04-07T14:07+05:30", "2016-04-07T08:37:00.000Z"],
  ["2026-11-28T12:00:00+0000", "2026-11-28T12:00:00.000Z"],
  ["2026-11-28T12:00:00-0330", "2026-11-28T15:30:00.000Z"],
  ["2026-11-28T12:00:00+02", "2026-11-28T10:00:00.000Z"],
  ["2026-11-28T12:00+02", "2026-11-28T10:00:00.000Z"],
  ["2026-11-28 12:00:00Z", "2026-11-28T12:00:00.000Z"],
  ["2026-11-28 12:00:00 +0100", "2026-11-28T11:00:00.000Z"],
  ["2026-11-28T12:00:00,5z", "2026-11-28T12:00:00.500Z"],
  ["2026-11-28T12:00:00.1234567-04:00", "2026-11-28T16:00:00.123Z"],
  [" 2026-11-28T12:00:00-00:00\n", "2026-11-28T12:00:00.000Z"],
];

for (const [text, iso] of TIMES) {
  Deno.test(`readEventTime() reads ${text}`, () => {
    assertEquals(readEventTime(text), Date.parse(iso));
  });
}

for (
  const value of [
    ...["", "2024-05-15", "2024-05-15T10:00:00", "2024-13-15T10:00:00Z", "2024-05-15T10:00.5Z"],
    ...["2024-05-15T10:00:00+2", "2024-05-15T10:00:00+25:00", "2024-05-15T10:00:00+00:60"],
    ...["2024-05-15T10:00:00 CET", "2024-05-15T25:00:00Z", "2024-05-15T10:00:00.Z", 5, null, {}],
  ]
) {
  Deno.test(`readEventTime() finds no time in ${JSON.stringify(value)}`, () => {
    assertEquals(readEventTime(value), null);
  });
}

Deno.test("eventKey() gives different keys to parts that are the same text together", () => {
  const lists = [
    ["a", "bc"],
    ["ab", "c"],
    ["abc"],
    ["abc", ""],
    ["", "abc"],
    ["a", "b", "c"],
    ["a", "", "bc"],
    ["a2:bc"],
    ["1:a2:bc"],
    [],
    [""],
    ["", ""],
  ];
  assertEquals(new Set(lists.map(eventKey)).size, lists.length);
});

Deno.test("eventKey() gives one key exactly to equal parts", () => {
  const parts = fc.array(fc.stringMatching(/^[ab:0-2é]{0,3}$/), { maxLength: 4 });
  fc.assert(fc.property(parts, parts, (one, other) => {
    assertMatch(eventKey(one), /^[\da-f]{64}$/);
    assertEquals(eventKey(one) === eventKey(other), JSON.stringify(one) === JSON.stringify(other));
  }));
});
