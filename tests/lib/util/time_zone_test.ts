import { assertEquals } from "@std/assert";
import { isTimeZone, machineTimeZone, nearestTimeZones } from "../../../lib/util/time_zone.ts";
import { mistakesOf } from "../config/load_text.ts";

Deno.test("isTimeZone() knows every name of the IANA that the runtime lists", () => {
  const unknown = Intl.supportedValuesOf("timeZone").filter((zone) => !isTimeZone(zone));
  assertEquals(unknown, []);
  assertEquals(isTimeZone(machineTimeZone()), true);
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
