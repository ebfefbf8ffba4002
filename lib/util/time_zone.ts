import { nearest } from "./nearest.ts";

/** How many names are offered for one that is unknown. */
const MAX_OFFERED = 3;

/** What Windows calls the zones of most stores, by the beginning of the name. */
const WINDOWS_NAMES: readonly (readonly [name: string, zone: string])[] = [
  ["W. Europe", "Europe/Berlin"],
  ["Romance", "Europe/Paris"],
  ["Central Europe", "Europe/Budapest"],
  ["GMT", "Europe/London"],
  ["FLE", "Europe/Helsinki"],
  ["GTB", "Europe/Athens"],
  ["Turkey", "Europe/Istanbul"],
  ["Israel", "Asia/Jerusalem"],
  ["Eastern", "America/New_York"],
  ["Central", "America/Chicago"],
  ["Mountain", "America/Denver"],
  ["US Mountain", "America/Phoenix"],
  ["Pacific", "America/Los_Angeles"],
  ["E. South America", "America/Sao_Paulo"],
  ["South Africa", "Africa/Johannesburg"],
  ["India", "Asia/Kolkata"],
  ["China", "Asia/Shanghai"],
  ["Tokyo", "Asia/Tokyo"],
  ["AUS Eastern", "Australia/Sydney"],
  ["New Zealand", "Pacific/Auckland"],
];

/**
 * Names the time zone of this machine.
 *
 * @returns An IANA name; `UTC` where the machine has none that is known.
 */
export function machineTimeZone(): string {
  // Not always a text, whatever its type says: TZ may hold anything.
  const zone: unknown = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return typeof zone === "string" && isTimeZone(zone) ? zone : "UTC";
}

/**
 * Tells whether a text is the IANA name of a time zone. An offset such as `+01:00` is none: it
 * knows no summer time.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["Europe/Berlin", "UTC", "+01:00", "Berlin"].map(isTimeZone), [
 *   true, true, false, false,
 * ]);
 * ```
 */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

/**
 * Finds the time zones that somebody probably meant.
 *
 * @param text What was written: a city, a misspelt name, a name of Windows.
 * @returns At most three names.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(nearestTimeZones("berlin"), ["Europe/Berlin"]);
 * assertEquals(nearestTimeZones("Europe/Belrin"), ["Europe/Berlin"]);
 * assertEquals(nearestTimeZones("W. Europe Standard Time"), ["Europe/Berlin"]);
 * ```
 */
export function nearestTimeZones(text: string): readonly string[] {
  const [, windows] = /^(.+) (?:Standard|Daylight) Time$/i.exec(text) ?? [];
  const [, known] = WINDOWS_NAMES.find(([name]) => name === windows) ?? [];
  if (known !== undefined) return [known];
  const zones = Intl.supportedValuesOf("timeZone");
  const written = text.trim().replaceAll(" ", "_").toLowerCase();
  const city = cityOf(written);
  const named = zones.filter((zone) => cityOf(zone.toLowerCase()) === city);
  const near = named.length > 0 ? named : [
    nearest(written, zones),
    ...nearestCities(city, zones),
  ].filter((zone) => zone !== undefined);
  return [...new Set(near)].slice(0, MAX_OFFERED);
}

function cityOf(zone: string): string {
  return zone.slice(zone.lastIndexOf("/") + 1);
}

function nearestCities(city: string, zones: readonly string[]): readonly string[] {
  const near = nearest(city, zones.map(cityOf));
  return near === undefined ? [] : zones.filter((zone) => cityOf(zone) === near);
}
