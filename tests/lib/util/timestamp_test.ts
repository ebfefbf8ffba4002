import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  formatExactTimestamp,
  formatTimestamp,
  parseDuration,
  parseTimestamp,
} from "../../../lib/util/timestamp.ts";

const NOW = Date.parse("2026-07-14T09:30:00Z");
const YEAR_2000 = Date.parse("2000-01-01T00:00:00Z");
const YEAR_2100 = Date.parse("2100-01-01T00:00:00Z");
const moments = fc.integer({ min: YEAR_2000, max: YEAR_2100 });

Deno.test("parseTimestamp() reads dates and times without a zone as those of this machine", () => {
  assertEquals(parseTimestamp("2026-07-14", NOW), new Date(2026, 6, 14).getTime());
  assertEquals(parseTimestamp("2026-07-14T09:30", NOW), new Date(2026, 6, 14, 9, 30).getTime());
  assertEquals(
    parseTimestamp("2026-07-14 09:30:15", NOW),
    new Date(2026, 6, 14, 9, 30, 15).getTime(),
  );
});

Deno.test("parseTimestamp() reads the names of days as their beginning", () => {
  const tuesday = new Date(2026, 6, 14, 9, 30).getTime();
  const day = (date: number) => new Date(2026, 6, date).getTime();
  assertEquals(parseTimestamp("today", tuesday), day(14));
  assertEquals(parseTimestamp("Yesterday", tuesday), day(13));
  assertEquals(parseTimestamp("monday", tuesday), day(13));
  assertEquals(parseTimestamp("tuesday", tuesday), day(7));
  assertEquals(parseTimestamp("wednesday", tuesday), day(8));
  assertEquals(parseTimestamp("now", tuesday), tuesday);
  assertEquals(parseTimestamp("tomorrow", tuesday), undefined);
});

Deno.test("parseTimestamp() reads zones", () => {
  assertEquals(parseTimestamp("2026-07-14T09:30Z", NOW), NOW);
  assertEquals(parseTimestamp("2026-07-14T09:30:00.000z", NOW), NOW);
  assertEquals(parseTimestamp("2026-07-14T11:30:00+02:00", NOW), NOW);
  assertEquals(parseTimestamp("2026-07-14T05:00-0430", NOW), NOW);
});

Deno.test("parseTimestamp() reads how long ago", () => {
  assertEquals(parseTimestamp("30s", NOW), NOW - 30_000);
  assertEquals(parseTimestamp("5m", NOW), NOW - 300_000);
  assertEquals(parseTimestamp("2h", NOW), NOW - 7_200_000);
  assertEquals(parseTimestamp("3D", NOW), NOW - 259_200_000);
  assertEquals(parseTimestamp("1w", NOW), NOW - 604_800_000);
});

Deno.test("parseTimestamp() refuses what is no moment", () => {
  const wrong = [
    "",
    "2h ago",
    "h",
    "-2h",
    "1.5h",
    "2026",
    "2026-7-4",
    "2026-02-29",
    "2026-13-01",
    "2026-00-10",
    "2026-07-14T24:00",
    "2026-07-14T09:60",
    "2026-07-14T09",
    "2026-07-14Z",
    "2026-07-14T09:30+24:00",
    "2026-07-14T09:30+02:60",
    " 2026-07-14",
    "2026-07-14\n",
    "0026-07-14",
  ];
  for (const text of wrong) assertEquals(parseTimestamp(text, NOW), undefined, text);
});

Deno.test("parseTimestamp() reads what toISOString() and formatExactTimestamp() write", () => {
  fc.assert(fc.property(moments, (moment) => {
    assertEquals(parseTimestamp(new Date(moment).toISOString(), NOW), moment);
    assertEquals(parseTimestamp(formatExactTimestamp(moment), NOW), moment);
  }));
});

Deno.test("parseTimestamp() reads what formatTimestamp() writes, but for an hour that comes twice", () => {
  fc.assert(fc.property(moments, (moment) => {
    const parsed = parseTimestamp(formatTimestamp(moment), NOW);
    assertEquals(formatTimestamp(parsed ?? 0), formatTimestamp(moment));
  }));
});

Deno.test("parseTimestamp() gives a finite number or nothing, whatever the text", () => {
  const texts = fc.oneof(
    fc.string(),
    fc.stringMatching(/^\d{1,7}[smhdwSMHDWx]$/),
    fc.stringMatching(/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,10})?)?(Z|[+-]\d\d:?\d\d)?)?$/),
  );
  fc.assert(fc.property(texts, (text) => {
    const moment = parseTimestamp(text, NOW);
    assertEquals(moment === undefined || Number.isSafeInteger(moment), true);
  }));
});

Deno.test("parseTimestamp() never takes a moment for another day than it says", () => {
  const fields = fc.tuple(
    fc.integer({ min: 1970, max: 2100 }),
    fc.integer({ min: 0, max: 13 }),
    fc.integer({ min: 0, max: 32 }),
  );
  fc.assert(fc.property(fields, ([year, month, day]) => {
    const date = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
    const moment = parseTimestamp(`${date}T12:00Z`, NOW);
    if (moment !== undefined) assertEquals(new Date(moment).toISOString().slice(0, 10), date);
    else assertEquals(new Date(`${date}T12:00Z`).toJSON()?.slice(0, 10) === date, false);
  }));
});

Deno.test("parseDuration() multiplies", () => {
  const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
  const cases = fc.tuple(fc.nat(999_999), fc.constantFrom(...Object.entries(units)));
  fc.assert(fc.property(cases, ([count, [unit, unitMs]]) => {
    assertEquals(parseDuration(`${count}${unit}`), count * unitMs);
  }));
});
