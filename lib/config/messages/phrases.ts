/** What is said of a setting that a schema refuses: what is wanted there, and how to fix it. */
import * as z from "zod";
import { nearest } from "../../util/words.ts";
import { type ConfigPath, isObject, type Mistake } from "../mistake.ts";
import { describeFound, type Origins } from "../secrets.ts";
import type { Schema } from "./schema_tree.ts";

type Issue = z.core.$ZodIssue;

/**
 * Words for a key that no schema knows.
 *
 * @param key The key.
 * @param value The object that holds it.
 * @param path Where that object stands.
 * @param known The keys that may stand there.
 * @returns The mistake, with the nearest key that is still free.
 */
export function unknownKey(
  key: string,
  value: unknown,
  path: ConfigPath,
  known: readonly string[],
): Mistake {
  const taken = isObject(value) ? Object.keys(value) : [];
  const free = known.filter((one) => !taken.includes(one));
  const near = nearest(key, free);
  const offered = free.length === 0 ? "" : `, wanted ${oneOfInWords(free)}`;
  return {
    path: [...path, key],
    message: `found unknown key ${JSON.stringify(key)}${offered}`,
    ...(near !== undefined && { hint: `Did you mean ${JSON.stringify(near)}?` }),
  };
}

/**
 * Words for a key of a record that its schema refuses.
 *
 * @param issue What zod says.
 * @param path Where the key stands, with the key.
 * @returns The mistake.
 */
export function wrongKey(issue: z.core.$ZodIssueInvalidKey, path: ConfigPath): Mistake {
  const found = `key ${JSON.stringify(path.at(-1))}`;
  const words = issue.issues.map(({ message }) => message).find((message) => message !== "");
  const wanted = path.at(-1) === "" ? "a key that isn't empty" : "another key";
  return {
    path,
    message: words === undefined ? `found ${found}, wanted ${wanted}` : own(words, found),
  };
}

/**
 * Words for what an issue wants.
 *
 * @param issue What zod says.
 * @param schemas The plain schemas at its place.
 * @returns What should stand there.
 */
export function wantedBy(issue: Issue, schemas: readonly Schema[]): string {
  const isList = "origin" in issue && issue.origin === "array";
  if (issue.code === "too_small" && isList) return `a list of at least ${issue.minimum}`;
  if (issue.code === "too_big" && isList) return `a list of at most ${issue.maximum}`;
  return describeWanted(schemas);
}

/**
 * Words of a schema's own, completed.
 *
 * @param message The schema's message.
 * @param found What was found.
 * @returns A sentence that says both.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(own("wanted a path", '"x"'), 'found "x", wanted a path');
 * assertEquals(own("Paths differ", '"x"'), "Paths differ");
 * ```
 */
export function own(message: string, found: string): string {
  return message.startsWith("wanted ") && !message.includes("found ")
    ? `found ${found}, ${message}`
    : message;
}

/**
 * How to fix a value.
 *
 * @param issue What zod says.
 * @param schemas The plain schemas at its place.
 * @param value What was found.
 * @param path Where.
 * @param origins What came from outside the file.
 * @returns The hint, `undefined` when there is nothing to add.
 */
export function hintFor(
  issue: Issue,
  schemas: readonly Schema[],
  value: unknown,
  path: ConfigPath,
  origins: Origins,
): string | undefined {
  const expected = issue.code === "invalid_type" ? issue.expected : undefined;
  if (expected === "array" && value !== undefined && value !== null) {
    return "Put it into brackets, also where it is the only one: [ … ]";
  }
  if (typeof value !== "string") return undefined;
  const isShown = describeFound(value, path, origins).startsWith('"');
  const constant = nearest(value, schemas.flatMap(constantsOf).map(String));
  const near = constant === undefined ? nearBySchema(issue) : [constant];
  if (near.length > 0 && isShown) {
    return `Did you mean ${near.map((one) => JSON.stringify(one)).join(" or ")}?`;
  }
  const wantsOther = expected === "number" || expected === "boolean" || expected === "int";
  if (!wantsOther || !isShown) return undefined;
  if (/^(-?\d+(\.\d+)?|true|false)$/.test(value)) return "Write it without the quotes";
  const amount = inUnitOf(String(path.at(-1)), value);
  return amount === undefined ? undefined : `Write ${amount}`;
}

/** The units that settings end with, and how many of the smallest each has. */
const UNITS: readonly (readonly [ending: RegExp, own: number, units: Units])[] = (() => {
  const times = { ms: 1, s: 1000, sec: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };
  const sizes = { b: 1, kb: 1000, mb: 1e6, gb: 1e9, kib: 1024, mib: 1_048_576, gib: 1_073_741_824 };
  return [
    [/Ms$/, 1, times],
    [/Seconds$/, 1000, times],
    [/Hours$/, 3_600_000, times],
    [/Days$/, 86_400_000, times],
    [/Bytes$/, 1, sizes],
  ];
})();

type Units = Readonly<Record<string, number>>;

/** `"30s"` as the number that a setting of milliseconds takes. */
function inUnitOf(key: string, text: string): number | undefined {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(text) ?? [];
  const [, own = 1, units = {}] = UNITS.find(([ending]) => ending.test(key)) ?? [];
  const factor = Object.hasOwn(units, unit.toLowerCase()) ? units[unit.toLowerCase()] : undefined;
  const number = Number(amount) * (factor ?? NaN) / own;
  return Number.isInteger(number) ? number : undefined;
}

/** A schema with words of its own may say in `params.near` what was probably meant. */
function nearBySchema(issue: Issue): readonly unknown[] {
  const near: unknown = issue.code === "custom" ? issue.params?.near : undefined;
  return Array.isArray(near) ? near : [];
}

/**
 * Says in words what a setting may be.
 *
 * @param schemas Plain schemas, any of which the setting may follow.
 * @returns What is wanted, e.g. `a whole number from 0 to 65535`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 *
 * assertEquals(describeWanted([z.int().min(0).max(9)]), "a whole number from 0 to 9");
 * assertEquals(describeWanted([z.string(), z.record(z.string(), z.string())]), "text or an object");
 * ```
 */
export function describeWanted(schemas: readonly Schema[]): string {
  const constants = schemas.flatMap(constantsOf);
  const words = schemas.filter((schema) => constantsOf(schema).length === 0).map(describeOne);
  const listed = constants.length === 0 ? [] : [oneOfInWords(constants)];
  return [...new Set([...listed, ...words])].join(" or ") || "nothing here";
}

/**
 * Lists values the way a sentence does.
 *
 * @param values Any JSON values.
 * @returns One value, or `one of` several.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([oneOfInWords(["a"]), oneOfInWords(["a", 2])], ['"a"', 'one of "a", 2']);
 * ```
 */
export function oneOfInWords(values: readonly unknown[]): string {
  const texts = [...new Set(values.map((value) => String(JSON.stringify(value))))];
  return texts.length === 1 ? texts.join() : `one of ${texts.join(", ")}`;
}

/**
 * Names the constants that a schema allows.
 *
 * @param schema A plain schema.
 * @returns The values of a literal or an enum, none for other schemas.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 *
 * assertEquals(constantsOf(z.enum(["a", "b"])), ["a", "b"]);
 * ```
 */
export function constantsOf(schema: Schema): readonly unknown[] {
  if (schema instanceof z.ZodLiteral) return [...schema.values];
  return schema instanceof z.ZodEnum ? schema.options : [];
}

function describeOne(schema: Schema): string {
  if (schema instanceof z.ZodNumber) return describeNumber(schema);
  if (schema instanceof z.ZodURL) return "a URL";
  if (schema instanceof z.ZodString) {
    return (schema.minLength ?? 0) > 0 ? "text that isn't empty" : "text";
  }
  if (schema instanceof z.ZodBoolean) return "true or false";
  if (schema instanceof z.ZodArray || schema instanceof z.ZodTuple) return "a list";
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return "an object";
  return schema instanceof z.ZodNull ? "null" : "another value";
}

/** Bounds at the edge of safe integers are zod's own: they say nothing. */
function describeNumber(schema: z.ZodNumber): string {
  const noun = schema.format === "safeint" ? "a whole number" : "a number";
  const least = bound(schema.minValue);
  const most = bound(schema.maxValue);
  if (least !== undefined && most !== undefined) return `${noun} from ${least} to ${most}`;
  if (least !== undefined) return `${noun} from ${least}`;
  return most === undefined ? noun : `${noun} up to ${most}`;
}

function bound(value: number | null): number | undefined {
  return value !== null && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;
}
