/**
 * The words in which the schemas of events are written. Every field may be missing or `null`, and
 * unknown fields are kept: platforms add fields, and admins leave fields out.
 */
import * as z from "zod";

/** A text. */
export const text = z.string().nullish();

/** A number. */
export const number = z.number().nullish();

/** A number without decimals. */
export const integer = z.int().nullish();

/** True or false. */
export const flag = z.boolean().nullish();

/** An object of which no field is described. */
export const anyObject = z.looseObject({}).nullish();

/**
 * An object with these fields, among others.
 *
 * @param shape The fields.
 * @returns The schema.
 */
export function object<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.looseObject(shape).nullish();
}

/**
 * A list of these.
 *
 * @param element What each is.
 * @returns The schema.
 */
export function listOf<Element extends z.ZodType>(element: Element) {
  return z.array(element).nullish();
}

/** More say nothing new, and a list of 10,000 items could have as many. */
const MOST_WARNINGS = 20;

const WANTED: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "an integer",
  boolean: "true or false",
  object: "an object",
  array: "a list",
};

/** The texts that are quoted: what could have been meant as a number or as true or false. */
const QUOTED = /^(?:[-+]?[\d.,]{1,20}|true|false|yes|no)?$/i;

/**
 * Says in words where a document does not fit its description.
 *
 * Only what nearly is a number or a truth value is quoted. Other values are named by their kind,
 * since they may be names, addresses or tokens.
 *
 * @param schema The description.
 * @param value The parsed document.
 * @returns A warning for each mismatch, with its path; after 20 the others are counted.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { listOf, number, object } from "./mismatches.ts";
 *
 * const cart = object({ items: listOf(object({ quantity: number })) });
 * assertEquals(describeMismatches(cart, { items: [{ quantity: "2" }] }), [
 *   'items[0].quantity: found "2", wanted a number',
 * ]);
 * ```
 */
export function describeMismatches(schema: z.ZodType, value: unknown): readonly string[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  const { issues } = result.error;
  const shown = issues.slice(0, MOST_WARNINGS).map((issue) => {
    const wanted = issue.code === "invalid_type" ? WANTED[issue.expected] : undefined;
    const found = describeFound(valueAt(value, issue.path));
    return `${describePath(issue.path)}: found ${found}, wanted ${wanted ?? "an integer"}`;
  });
  const more = issues.length - shown.length;
  return more > 0 ? [...shown, `and ${more} more of this kind`] : shown;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = Reflect.get(found, key);
  }
  return found;
}

function describePath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "the event";
  const text = path.map((key) => typeof key === "number" ? `[${key}]` : `.${String(key)}`).join("");
  return text.startsWith(".") ? text.slice(1) : text;
}

function describeFound(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return QUOTED.test(value) ? JSON.stringify(value) : "a text";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return "a number that is too large";
    return Number.isInteger(value) ? "an integer" : "a number with decimals";
  }
  return "an object";
}
