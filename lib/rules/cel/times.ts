/**
 * Times in rules. What the language has of its own reads a time without a zone in that of the
 * machine, and computes the clocks of other zones by it; so one config would decide one order
 * otherwise elsewhere.
 */
import type { ASTNode, Environment } from "@marcbachmann/cel-js";
import { checkedTypeOf, childrenOf } from "./syntax_tree.ts";
import { daysBetween, parseTime, type ZonedTime, zonedTimeOf } from "../../util/time_zone.ts";

/** The language's name for the type of timestamps. */
const TIMESTAMP = "google.protobuf.Timestamp";

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

type Value = bigint | string;
type ReadTime = (time: ZonedTime) => Value;

/** What a rule asks of a time in the zone of the config, with the type of the answer. */
const OWN_METHODS: Readonly<Record<string, readonly [type: string, read: ReadTime]>> = {
  hour: ["int", ({ hour }) => BigInt(hour)],
  minute: ["int", ({ minute }) => BigInt(minute)],
  weekday: ["string", (time) => WEEKDAYS[weekdayOf(time)] ?? ""],
  date: ["string", ({ year, month, day }) => `${pad(year, 4)}-${pad(month)}-${pad(day)}`],
};

/** The language's own methods that take a zone; without one they mean UTC. */
const CEL_METHODS: Readonly<Record<string, ReadTime>> = {
  getDate: ({ day }) => BigInt(day),
  getDayOfMonth: ({ day }) => BigInt(day - 1),
  getDayOfWeek: (time) => BigInt(weekdayOf(time)),
  getDayOfYear: (time) => BigInt(daysBetween({ ...time, month: 1, day: 1 }, time)),
  getFullYear: ({ year }) => BigInt(year),
  getHours: ({ hour }) => BigInt(hour),
  getMinutes: ({ minute }) => BigInt(minute),
  getMonth: ({ month }) => BigInt(month - 1),
  getSeconds: ({ second }) => BigInt(second),
};

/** The function that counts days from one time to another. */
const DAYS_BETWEEN = "daysBetween";

/**
 * Finds the zone that a method is given as a literal.
 *
 * @param node Any node of a condition that passed the type check.
 */
export function writtenZoneIn(node: ASTNode): (ASTNode & { readonly op: "value" }) | undefined {
  if (node.op !== "rcall" || !Object.hasOwn(CEL_METHODS, node.args[0])) return undefined;
  const [, receiver, [zone]] = node.args;
  return checkedTypeOf(receiver)?.name === TIMESTAMP && zone?.op === "value" ? zone : undefined;
}

/**
 * Finds the texts that a node reads as times and that stand there as literals.
 *
 * @param node Any node of a condition that passed the type check.
 */
export function writtenTimesIn(node: ASTNode): readonly (ASTNode & { readonly op: "value" })[] {
  const read = node.op === "call" && zonedCall(node.args[0], node.args[1].map(typeOf), false)
    ? node.args[1]
    : node.op === "rcall" && Object.hasOwn(OWN_METHODS, node.args[0])
    ? [node.args[1]]
    : [];
  return read.flatMap((one) => one.op === "value" && typeof one.args === "string" ? [one] : []);
}

function typeOf(node: ASTNode): string {
  return checkedTypeOf(node)?.name ?? "";
}

/**
 * Finds where a condition reads the clocks of UTC.
 *
 * @param node The root of a condition that passed the type check.
 * @returns The name of the method that does, the first one.
 */
export function utcMethodIn(node: ASTNode): string | undefined {
  if (node.op === "rcall") {
    const [name, receiver, args] = node.args;
    const isOfTime = checkedTypeOf(receiver)?.name === TIMESTAMP;
    if (isOfTime && args.length === 0 && Object.hasOwn(CEL_METHODS, name)) return name;
  }
  for (const child of childrenOf(node)) {
    const found = utcMethodIn(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Names what takes the place of a function of times.
 *
 * @param name The function.
 * @param types The types of what it is called with, of its receiver first.
 * @param isMethod Whether it has a receiver.
 * @returns The function that takes the same and, unless a zone is among it, the zone to read in;
 * `undefined` when the function is none of times.
 */
export function zonedCall(
  name: string,
  types: readonly string[],
  isMethod: boolean,
): { readonly name: string; readonly zone: "given" | "config" | "UTC" } | undefined {
  const [first, second] = types;
  const isTime = first === TIMESTAMP || first === "string";
  if (!isMethod) {
    const isOwn = (name === "timestamp" && first === "string") || name === DAYS_BETWEEN;
    return isOwn ? { name: `zoned_${name}`, zone: "config" } : undefined;
  }
  if (isTime && types.length === 1 && Object.hasOwn(OWN_METHODS, name)) {
    return { name: `zoned_${name}`, zone: "config" };
  }
  if (first !== TIMESTAMP || !Object.hasOwn(CEL_METHODS, name)) return undefined;
  return { name: `zoned_${name}`, zone: second === undefined ? "UTC" : "given" };
}

/**
 * Adds what rules may ask of times beside what the language has.
 *
 * @param environment Where to add it.
 */
export function addTimeFunctions(environment: Environment): void {
  for (const time of ["string", TIMESTAMP]) {
    for (const [name, [type, read]] of Object.entries(OWN_METHODS)) {
      environment.registerFunction(
        `${time}.${name}(): ${type}`,
        (value: string | Date) => read(timeIn(value, "UTC")),
      );
    }
    for (const other of ["string", TIMESTAMP]) {
      environment.registerFunction(
        `${DAYS_BETWEEN}(${time}, ${other}): int`,
        (from: string | Date, to: string | Date) =>
          BigInt(daysBetween(timeIn(from, "UTC"), timeIn(to, "UTC"))),
      );
    }
  }
}

/**
 * Adds what {@linkcode zonedCall} names.
 *
 * @param environment Where to add it: not where people's own rules are checked.
 */
export function addZonedFunctions(environment: Environment): void {
  environment.registerFunction(`zoned_timestamp(string, string): ${TIMESTAMP}`, timestampIn);
  for (const [name, read] of Object.entries(CEL_METHODS)) {
    environment.registerFunction(
      `zoned_${name}(${TIMESTAMP}, string): int`,
      (date: Date, timeZone: string) => read(timeIn(date, timeZone)),
    );
  }
  for (const time of ["string", TIMESTAMP]) {
    for (const [name, [type, read]] of Object.entries(OWN_METHODS)) {
      environment.registerFunction(
        `zoned_${name}(${time}, string): ${type}`,
        (value: string | Date, timeZone: string) => read(timeIn(value, timeZone)),
      );
    }
    for (const other of ["string", TIMESTAMP]) {
      environment.registerFunction(
        `zoned_${DAYS_BETWEEN}(${time}, ${other}, string): int`,
        (from: string | Date, to: string | Date, timeZone: string) =>
          BigInt(daysBetween(timeIn(from, timeZone), timeIn(to, timeZone))),
      );
    }
  }
}

const SUNDAY: ZonedTime = { year: 2023, month: 1, day: 1, hour: 0, minute: 0, second: 0 };

function weekdayOf(time: ZonedTime): number {
  return ((daysBetween(SUNDAY, time) % 7) + 7) % 7;
}

function pad(value: number, digits = 2): string {
  return String(value).padStart(digits, "0");
}

function timeIn(time: string | Date, timeZone: string): ZonedTime {
  const date = typeof time === "string" ? timestampIn(time, timeZone) : time;
  return zonedTimeOf(date.getTime(), timeZone);
}

function timestampIn(text: string, timeZone: string): Date {
  const timestamp = parseTime(text, timeZone);
  if (timestamp !== undefined) return new Date(timestamp);
  throw new SyntaxError(`cannot read ${JSON.stringify(text.slice(0, 40))} as a time`);
}
