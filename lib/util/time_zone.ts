/** Time zones: their names, and what a clock in one of them shows. */
import { nearest } from "./words.ts";

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
  const linked = linkedTimeZone();
  if (linked !== undefined) return linked;
  // Not always a text, whatever its type says: TZ may hold anything.
  const zone: unknown = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return typeof zone === "string" && isTimeZone(zone) ? zone : "UTC";
}

/** The first that is asked of `Intl` takes as long as a small program takes to start. */
function linkedTimeZone(): string | undefined {
  try {
    if (Deno.build.os === "windows" || Deno.env.has("TZ")) return undefined;
    return timeZoneOfLink(Deno.readLinkSync("/etc/localtime"));
  } catch {
    return undefined;
  }
}

/** A name of another kind may stand for one that `Intl` knows by another name, or for none. */
const LINKED =
  /\/zoneinfo\/(?:Etc\/)?((?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)\/[\w/+-]+|UTC)$/;

/**
 * Names the time zone whose file a link leads to, as `/etc/localtime` does.
 *
 * @param target Where it leads.
 * @returns The IANA name; `undefined` where it can't be told.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(timeZoneOfLink("/usr/share/zoneinfo/Europe/Berlin"), "Europe/Berlin");
 * assertEquals(timeZoneOfLink("../usr/share/zoneinfo/Etc/UTC"), "UTC");
 * assertEquals(timeZoneOfLink("/usr/share/zoneinfo/posixrules"), undefined);
 * ```
 */
export function timeZoneOfLink(target: string): string | undefined {
  return LINKED.exec(target)?.[1];
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

/** What clocks and calendars of a zone show. */
export interface ZonedTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const MAX_FORMATTERS = 1000;

/** From the year 1 to the year 9999, as CEL has it. */
const EARLIEST = -62_135_596_800_000;
const LATEST = 253_402_300_799_999;

/** A formatter takes long to make, and there are few zones. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    if (!isTimeZone(timeZone)) throw new RangeError(`there is no time zone "${timeZone}"`);
    formatter = new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    // A document may spell one name in thousands of ways.
    if (formatters.size < MAX_FORMATTERS) formatters.set(timeZone, formatter);
  }
  return formatter;
}

/**
 * Reads the clocks of a zone.
 *
 * @param timestamp In milliseconds since the epoch.
 * @param timeZone An IANA name, or an offset such as `+02:00`.
 * @throws {RangeError} When there is no such zone.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { day, hour } = zonedTimeOf(Date.parse("2026-06-01T23:30:00Z"), "Europe/Berlin");
 * assertEquals([day, hour], [2, 1]);
 * ```
 */
export function zonedTimeOf(timestamp: number, timeZone: string): ZonedTime {
  const offset = fixedOffsetOf(timeZone);
  if (offset !== undefined) return timeOf(new Date(timestamp + offset));
  const formatter = formatterOf(timeZone);
  const parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of formatter.formatToParts(timestamp)) {
    if (isPart(type, parts)) parts[type] = Number(value);
  }
  return parts;
}

function isPart<Parts extends object>(name: string, parts: Parts): name is keyof Parts & string {
  return Object.hasOwn(parts, name);
}

function timeOf(date: Date): ZonedTime {
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

/** Whether a text names a zone: an IANA name, or an offset as CEL takes it. */
export function isZoneOrOffset(text: string): boolean {
  return fixedOffsetOf(text) !== undefined || isTimeZone(text);
}

/** CEL takes `-08:00`, and `02:00` without a sign. */
function fixedOffsetOf(timeZone: string): number | undefined {
  if (timeZone === "UTC") return 0;
  const [, sign, hours, minutes] = /^([+-]?)(\d{2}):(\d{2})$/.exec(timeZone) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}

/** How far the clocks of a zone are ahead of UTC, in milliseconds. */
function offsetAt(timestamp: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = zonedTimeOf(timestamp, timeZone);
  return utcOf(year, month, day, hour, minute, second) - Math.floor(timestamp / 1000) * 1000;
}

/** `Date.UTC()` takes the years up to 99 for those of the last century. */
function utcOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.setUTCHours(hour, minute, second);
}

/** Clocks that are put back show a time twice: the first counts. One that they skip is later. */
function timestampOf(localMs: number, timeZone: string): number {
  const before = offsetAt(localMs - DAY_MS, timeZone);
  const after = offsetAt(localMs + DAY_MS, timeZone);
  if (before === after) return localMs - before;
  const isAfter = offsetAt(localMs - before, timeZone) !== before &&
    offsetAt(localMs - after, timeZone) === after;
  return localMs - (isAfter ? after : before);
}

const TIME = new RegExp(
  "^(\\d{4})-(\\d{2})-(\\d{2})" +
    "(?:[T ](\\d{2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?" +
    " ?(Z|[+-]\\d{2}(?::?\\d{2})?)?)?$",
  "i",
);

/**
 * Reads a time in the form of ISO 8601.
 *
 * @param text The text, with or without a zone, seconds and a time of day.
 * @param timeZone The IANA name of the zone of a text without one.
 * @returns The timestamp, in milliseconds since the epoch; `undefined` when it is no time.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const timestamp = parseTime("2022-11-22T12:47:36.197", "Europe/Berlin");
 * assertEquals(timestamp, Date.parse("2022-11-22T11:47:36.197Z"));
 * assertEquals(parseTime("2022-11-22T12:47:36+0200", "UTC"), Date.parse("2022-11-22T10:47:36Z"));
 * assertEquals(parseTime("yesterday", "UTC"), undefined);
 * ```
 */
export function parseTime(text: string, timeZone: string): number | undefined {
  const match = TIME.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone] = match;
  const fields = [year, month, day, hour, minute, second].map(Number);
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = fields;
  const whole = utcOf(y, mo, d, h, mi, s);
  const read = timeOf(new Date(whole));
  const isReal = read.month === mo && read.day === d && read.hour === h && read.minute === mi &&
    read.second === s;
  if (!isReal) return undefined;
  const localMs = whole + Number(fraction.padEnd(3, "0").slice(0, 3));
  const timestamp = zone === undefined
    ? timestampOf(localMs, timeZone)
    : localMs - zoneOffsetOf(zone);
  return timestamp >= EARLIEST && timestamp <= LATEST ? timestamp : undefined;
}

function zoneOffsetOf(zone: string): number {
  if (zone.toUpperCase() === "Z") return 0;
  const sign = zone.startsWith("-") ? -1 : 1;
  const minutes = zone.length > 3 ? Number(zone.slice(-2)) : 0;
  return sign * (Number(zone.slice(1, 3)) * 60 + minutes) * MINUTE_MS;
}

/**
 * Counts the days from a day of the calendar to another, whatever the clocks show.
 *
 * @returns Whole days; negative when the second one comes first.
 */
export function daysBetween(first: ZonedTime, second: ZonedTime): number {
  return (dayOf(second) - dayOf(first)) / DAY_MS;
}

function dayOf({ year, month, day }: ZonedTime): number {
  return utcOf(year, month, day, 0, 0, 0);
}
