import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import {
  daysBetween,
  isTimeZone,
  machineTimeZone,
  nearestTimeZones,
  parseTime,
  timeZoneOfLink,
  zonedTimeOf,
} from "../../../lib/util/time_zone.ts";
import { mistakesOf } from "../config/load_text.ts";

Deno.test("isTimeZone() knows every name of the IANA that the runtime lists", () => {
  const unknown = Intl.supportedValuesOf("timeZone").filter((zone) => !isTimeZone(zone));
  assertEquals(unknown, []);
  assertEquals(isTimeZone(machineTimeZone()), true);
});

Deno.test("timeZoneOfLink() names what the runtime knows, and nothing else", () => {
  for (const zone of Intl.supportedValuesOf("timeZone").filter((zone) => zone.includes("/"))) {
    const found = timeZoneOfLink(`/usr/share/zoneinfo/${zone}`);
    if (found !== undefined) assertEquals([isTimeZone(found), found], [true, zone]);
    else assertEquals(/^(?:Arctic|Etc)\//.test(zone), true, zone);
  }
  assertEquals(timeZoneOfLink("/usr/share/zoneinfo/UTC"), "UTC");
  assertEquals(timeZoneOfLink("/usr/share/zoneinfo/Etc/GMT+5"), undefined);
  assertEquals(timeZoneOfLink("/srv/Europe/Berlin"), undefined);
});

Deno.test("nearestTimeZones() finds a city, a slip of the pen and a name of Windows", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["Berlin", ["Europe/Berlin"]],
    ["new york", ["America/New_York"]],
    ["America/Berlin", ["Europe/Berlin"]],
    ["Europe/Belrin", ["Europe/Berlin"]],
    ["Israel Standard Time", ["Asia/Jerusalem"]],
    ["xxxxxxxxxxxxxxxxxxxxxxxxxxxxx", []],
  ];
  for (const [text, zones] of cases) assertEquals(nearestTimeZones(text), zones, text);
});

Deno.test("an unknown time zone is a mistake that says what to write", async () => {
  const wanted = "wanted the IANA name of a time zone, such as Europe/Berlin or America/New_York";
  assertEquals(await mistakesOf({ timeZone: "Berlin", endpoints: [] }), [
    `timeZone: found "Berlin", ${wanted} (Did you mean "Europe/Berlin"?)`,
  ]);
  assertEquals(await mistakesOf({ timeZone: "+01:00", endpoints: [] }), [
    `timeZone: found "+01:00", ${wanted}`,
  ]);
  assertEquals(await mistakesOf({ timeZone: 1, endpoints: [] }), [
    "timeZone: found 1, wanted text",
  ]);
});

const CASES: readonly (readonly [text: string, zone: string, utc: string | undefined])[] = [
  ["2022-11-22T12:47:36.197", "UTC", "2022-11-22T12:47:36.197Z"],
  ["2022-11-22T12:47:36.197", "Europe/Berlin", "2022-11-22T11:47:36.197Z"],
  ["2022-07-22T12:47:36", "Europe/Berlin", "2022-07-22T10:47:36.000Z"],
  ["2022-07-22 12:47", "Asia/Kolkata", "2022-07-22T07:17:00.000Z"],
  ["2022-11-22", "America/New_York", "2022-11-22T05:00:00.000Z"],
  ["2022-11-22T12:47:36.1971234", "UTC", "2022-11-22T12:47:36.197Z"],
  ["2022-11-22T12:47:36Z", "Europe/Berlin", "2022-11-22T12:47:36.000Z"],
  ["2022-11-22T12:47:36+0200", "Europe/Berlin", "2022-11-22T10:47:36.000Z"],
  ["2022-11-22T12:47:36-05:30", "Europe/Berlin", "2022-11-22T18:17:36.000Z"],
  ["2022-11-22T12:47:36+02", "Europe/Berlin", "2022-11-22T10:47:36.000Z"],
  // Shown twice: the first one. Skipped: as if the clocks had gone on.
  ["2026-10-25T02:30:00", "Europe/Berlin", "2026-10-25T00:30:00.000Z"],
  ["2026-03-29T02:30:00", "Europe/Berlin", "2026-03-29T01:30:00.000Z"],
  ["2026-10-25T01:59:59", "Europe/Berlin", "2026-10-24T23:59:59.000Z"],
  ["2026-10-25T03:00:00", "Europe/Berlin", "2026-10-25T02:00:00.000Z"],
  ["0099-03-01T00:00:00", "UTC", "0099-03-01T00:00:00.000Z"],
  ["2022-02-30", "UTC", undefined],
  ["2022-13-01", "UTC", undefined],
  ["2022-11-22T25:00", "UTC", undefined],
  ["11/22/2022", "UTC", undefined],
  ["", "UTC", undefined],
  ["yesterday", "UTC", undefined],
];

Deno.test("parseTime() reads a time without a zone in the given one", () => {
  for (const [text, zone, utc] of CASES) {
    const timestamp = parseTime(text, zone);
    assertEquals(
      timestamp === undefined ? undefined : new Date(timestamp).toISOString(),
      utc,
      text,
    );
  }
});

Deno.test("parseTime() reads back what the clocks of any zone show", () => {
  const zones = fc.constantFrom("UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia");
  const seconds = fc.integer({ min: 0, max: 4_000_000_000 });
  fc.assert(fc.property(zones, seconds, (zone, second) => {
    const shown = zonedTimeOf(second * 1000, zone);
    const text = new Date(Date.UTC(
      shown.year,
      shown.month - 1,
      shown.day,
      shown.hour,
      shown.minute,
      shown.second,
    )).toISOString().slice(0, 19);
    const read = parseTime(text, zone) ?? NaN;
    assertEquals(zonedTimeOf(read, zone), shown);
    // Where clocks go back, a time is shown twice.
    assertEquals([0, 1_800_000, 3_600_000, 86_400_000].includes(second * 1000 - read), true);
  }));
});

Deno.test("daysBetween() counts days of the calendar, also where one has 23 hours", () => {
  const dayOf = (text: string) =>
    zonedTimeOf(parseTime(text, "Europe/Berlin") ?? NaN, "Europe/Berlin");
  assertEquals(daysBetween(dayOf("2026-03-28T23:59"), dayOf("2026-03-29T00:01")), 1);
  assertEquals(daysBetween(dayOf("2026-03-29"), dayOf("2026-03-30")), 1);
  assertEquals(daysBetween(dayOf("2026-12-24"), dayOf("2026-11-22")), -32);
});
