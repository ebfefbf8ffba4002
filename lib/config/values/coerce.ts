import * as z from "zod";
import { isObject } from "../file/config_path.ts";
import type { ConfigPath } from "../mistake.ts";
import { alternatives, below, closest, hasTypeOf, type Schema } from "../messages/zod_tree.ts";

/**
 * Turns text that came from outside the file into the number or the truth value that is wanted.
 *
 * Text that the file itself holds stays text: there, the quotes were a choice.
 *
 * @param value What was found.
 * @param schema What is wanted.
 * @param isFromOutside Whether the text at a path was filled in.
 * @returns A copy in which such text became what it reads as; other text is left for the schema.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 * import { coerce } from "./coerce.ts";
 *
 * const schema = z.object({ port: z.number(), name: z.string() });
 * assertEquals(coerce({ port: "80", name: "80" }, schema, () => true), { port: 80, name: "80" });
 * assertEquals(coerce({ port: "80" }, schema, () => false), { port: "80" });
 * ```
 */
export function coerce(
  value: unknown,
  schema: Schema,
  isFromOutside: (path: ConfigPath) => boolean,
): unknown {
  return coerceBelow(value, alternatives(schema), [], isFromOutside);
}

function coerceBelow(
  value: unknown,
  schemas: readonly Schema[],
  path: ConfigPath,
  isFromOutside: (path: ConfigPath) => boolean,
): unknown {
  if (typeof value === "string") return isFromOutside(path) ? coerceText(value, schemas) : value;
  const child = (item: unknown, segment: string | number) =>
    coerceBelow(item, below(closest(schemas, value), segment), [...path, segment], isFromOutside);
  if (Array.isArray(value)) return value.map(child);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, child(item, key)]));
}

function coerceText(text: string, schemas: readonly Schema[]): unknown {
  if (schemas.some((schema) => takesText(schema, text))) return text;
  const trimmed = text.trim();
  const readings: readonly unknown[] = [
    ...(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(trimmed) ? [Number(trimmed)] : []),
    ...(/^(true|false)$/i.test(trimmed) ? [trimmed.toLowerCase() === "true"] : []),
  ];
  const reading = readings.find((one) => schemas.some((schema) => hasTypeOf(schema, one)));
  return reading === undefined ? text : reading;
}

function takesText(schema: Schema, text: string): boolean {
  if (schema instanceof z.ZodEnum) return schema.options.includes(text);
  if (schema instanceof z.ZodLiteral) return schema.values.has(text);
  return schema instanceof z.ZodString || schema instanceof z.ZodUnknown ||
    schema instanceof z.ZodAny || schema instanceof z.ZodCustom;
}
