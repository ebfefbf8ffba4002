/**
 * Values that are made to fit a schema: text from outside becomes the number that is wanted, and
 * settings with mistakes are repaired to look for those that show later.
 */
import * as z from "zod";
import { nearest } from "../../util/words.ts";
import { type ConfigPath, isObject, isWithin, valueAt, withValueAt } from "../mistake.ts";
import {
  alternatives,
  below,
  closest,
  hasTypeOf,
  keysOfSchemas,
  type Schema,
  schemasAt,
} from "./schema_tree.ts";

/** Settings without their mistakes, to look for those that only show when they are opened. */
export interface Repaired {
  /** What the schema makes of them. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Where something was put in; nothing that is found there counts. */
  readonly places: readonly ConfigPath[];
}

/**
 * Repairs settings that a schema refuses: misspelt keys get the nearest name, unknown ones go, and
 * what is wrong is replaced by the plainest value that is allowed there.
 *
 * The result is never used to answer anything: it lets one run find all mistakes.
 *
 * @param schema What is wanted.
 * @param value What was found.
 * @param wrong Where the mistakes are, below the value.
 * @returns The repaired settings, `undefined` when no attempt was good enough.
 */
export function repair(
  schema: z.ZodObject,
  value: unknown,
  wrong: readonly ConfigPath[],
): Repaired | undefined {
  let repaired: Attempt = { value, places: [] };
  let paths = wrong;
  for (let round = 0; round < ROUNDS; round++) {
    repaired = paths.reduce<Attempt>((so, path) => repairAt(schema, so, path), repaired);
    const { success, data, error } = schema.safeParse(repaired.value);
    if (success) return { data, places: repaired.places };
    paths = nextPaths(paths, error.issues.map((issue) => issue.path.map(toSegment)));
  }
  return undefined;
}

/** Enough to go up from the deepest setting; what takes longer is not worth it. */
const ROUNDS = 8;

/** What could not be repaired where it is wrong is replaced with what holds it. */
function nextPaths(
  tried: readonly ConfigPath[],
  left: readonly ConfigPath[],
): readonly ConfigPath[] {
  const failed = tried.filter((path) => left.some((one) => overlap(path, one)));
  const fresh = left.filter((path) => !tried.some((one) => overlap(path, one)));
  return [...failed.map((path) => path.slice(0, -1)), ...fresh].filter((path) => path.length > 0);
}

function overlap(one: ConfigPath, other: ConfigPath): boolean {
  return isWithin(one, other) || isWithin(other, one);
}

function toSegment(key: PropertyKey): string | number {
  return typeof key === "symbol" ? String(key) : key;
}

interface Attempt {
  readonly value: unknown;
  readonly places: readonly ConfigPath[];
}

function repairAt(schema: Schema, { value, places }: Attempt, path: ConfigPath): Attempt {
  const above = path.slice(0, -1);
  const key = path.at(-1);
  const holder = valueAt(value, above);
  const holders = closest(schemasAt(schema, value, above), holder);
  if (key === undefined) return { value, places };
  const allowed = below(holders, key);
  if (allowed.length > 0) {
    return { value: withValueAt(value, path, plainest(allowed)), places: [...places, path] };
  }
  if (!isObject(holder)) return { value, places };
  const { [key]: item, ...rest } = holder;
  const name = nearest(
    String(key),
    keysOfSchemas(holders).filter((one) => !Object.hasOwn(holder, one)),
  );
  const renamed = name === undefined ? rest : { ...rest, [name]: item };
  return {
    value: withValueAt(value, above, renamed),
    places: name === undefined ? places : [...places, [...above, name]],
  };
}

/** The first of the schemas decides; whether its value is good enough, parsing tells. */
function plainest([schema]: readonly Schema[]): unknown {
  if (schema instanceof z.ZodLiteral) return [...schema.values][0];
  if (schema instanceof z.ZodEnum) return schema.options[0];
  if (schema instanceof z.ZodNumber) return Math.max(0, schema.minValue ?? 0);
  if (schema instanceof z.ZodURL) return "http://localhost";
  if (schema instanceof z.ZodString) return "1";
  if (schema instanceof z.ZodBoolean) return true;
  if (schema instanceof z.ZodArray) return [plainest(alternatives(schema.element))];
  if (schema instanceof z.ZodRecord) return {};
  return schema instanceof z.ZodObject ? plainestObject(schema) : undefined;
}

function plainestObject(schema: z.ZodObject): unknown {
  const required = Object.entries(schema.shape).filter(([, child]) =>
    !z.safeParse(child, undefined).success
  );
  return Object.fromEntries(required.map(([key, child]) => [key, plainest(alternatives(child))]));
}

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
