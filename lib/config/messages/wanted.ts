import * as z from "zod";
import type { Schema } from "./zod_tree.ts";

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
 * import { describeWanted } from "./wanted.ts";
 *
 * assertEquals(describeWanted([z.int().min(0).max(9)]), "a whole number from 0 to 9");
 * assertEquals(describeWanted([z.string(), z.record(z.string(), z.string())]), "text or an object");
 * ```
 */
export function describeWanted(schemas: readonly Schema[]): string {
  const constants = schemas.flatMap(constantsOf);
  const words = schemas.filter((schema) => constantsOf(schema).length === 0).map(describeOne);
  const listed = constants.length === 0 ? [] : [listOf(constants)];
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
 * import { listOf } from "./wanted.ts";
 *
 * assertEquals([listOf(["a"]), listOf(["a", 2])], ['"a"', 'one of "a", 2']);
 * ```
 */
export function listOf(values: readonly unknown[]): string {
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
 * import { constantsOf } from "./wanted.ts";
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
