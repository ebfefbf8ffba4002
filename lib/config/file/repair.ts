import * as z from "zod";
import { nearest } from "../../util/nearest.ts";
import { isObject, isWithin, valueAt, withValueAt } from "./config_path.ts";
import type { ConfigPath } from "../mistake.ts";
import {
  alternatives,
  below,
  closest,
  keysOf,
  type Schema,
  schemasAt,
} from "../messages/zod_tree.ts";

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
  const name = nearest(String(key), keysOf(holders).filter((one) => !Object.hasOwn(holder, one)));
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
