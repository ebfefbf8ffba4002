/** Schemas as a tree beside the value that they judge: what may stand at a path. */
import { nearest } from "../../util/words.ts";
import * as z from "zod";
import { type ConfigPath, isObject } from "../mistake.ts";

/** Any schema: what zod's own containers hold. */
export type Schema = z.core.$ZodType;

/**
 * Takes a schema out of its wrappers: optional, default, pipe, union and so on.
 *
 * @param schema Any schema.
 * @returns Every plain schema that a value may follow; one, when there is no union.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 * import { alternatives } from "./schema_tree.ts";
 *
 * assertEquals(alternatives(z.union([z.string(), z.number().nullable()]).optional()).length, 2);
 * ```
 */
export function alternatives(schema: Schema): readonly Schema[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(alternatives);
  if (schema instanceof z.ZodLazy) return alternatives(schema.unwrap());
  if (schema instanceof z.ZodPipe) {
    return alternatives(schema.in instanceof z.ZodTransform ? schema.out : schema.in);
  }
  const isWrapper = schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly || schema instanceof z.ZodNonOptional ||
    schema instanceof z.ZodCatch;
  return isWrapper ? alternatives(schema.unwrap()) : [schema];
}

/**
 * Goes one step down.
 *
 * @param schemas Plain schemas, of {@linkcode alternatives}.
 * @param segment A key or a position.
 * @returns The plain schemas of what stands there, empty when nothing may.
 */
export function below(schemas: readonly Schema[], segment: string | number): readonly Schema[] {
  return schemas.flatMap((schema) => {
    if (schema instanceof z.ZodObject) {
      const child = Object.hasOwn(schema.shape, segment) ? schema.shape[segment] : undefined;
      return child === undefined ? [] : alternatives(child);
    }
    if (schema instanceof z.ZodRecord) return alternatives(schema.valueType);
    if (schema instanceof z.ZodArray) return alternatives(schema.element);
    return [];
  });
}

/**
 * Names the keys that an object may have.
 *
 * @param schemas Plain schemas.
 * @returns The keys of all of them, each once.
 */
export function keysOfSchemas(schemas: readonly Schema[]): readonly string[] {
  const keys = schemas.flatMap((schema) =>
    schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  );
  return [...new Set(keys)];
}

/**
 * Picks the schemas that a value means to follow: of objects those that share most keys with it.
 *
 * @param schemas Plain schemas.
 * @param value What was found.
 * @returns The best ones; those of the value's type; all of them when none has its type.
 */
export function closest(schemas: readonly Schema[], value: unknown): readonly Schema[] {
  const named = isObject(value) ? schemas.filter((schema) => isNamedBy(schema, value)) : [];
  const scored = (named.length > 0 ? named : schemas).map((schema) => ({
    schema,
    score: score(schema, value),
  }));
  const best = Math.max(...scored.map(({ score }) => score));
  return scored.filter(({ score }) => score === best).map(({ schema }) => schema);
}

function score(schema: Schema, value: unknown): number {
  if (Array.isArray(value)) return schema instanceof z.ZodArray ? 1 : 0;
  if (!isObject(value)) return isContainer(schema) ? 0 : hasTypeOf(schema, value) ? 2 : 1;
  if (schema instanceof z.ZodRecord) return 2;
  if (!(schema instanceof z.ZodObject)) return 0;
  const keys = Object.keys(schema.shape);
  const isBeside = keys.some((key) => Object.hasOwn(value, key));
  return Object.keys(value).reduce((sum, key) => {
    const child = Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined;
    // A slip of the pen beside a key that is right still tells which branch is meant.
    if (child === undefined) return sum + (isBeside && nearest(key, keys) !== undefined ? 1 : 0);
    return sum + (child instanceof z.ZodLiteral ? 1 : 3);
  }, 1);
}

/** A constant such as `"type": "http"` names the branch: nobody has to guess by other keys. */
function isNamedBy(schema: Schema, value: Readonly<Record<string, unknown>>): boolean {
  return schema instanceof z.ZodObject &&
    Object.entries(schema.shape).some(([key, child]) =>
      child instanceof z.ZodLiteral && Object.hasOwn(value, key) &&
      [...child.values].some((one) => one === value[key])
    );
}

/**
 * Tells whether a schema takes values of the type of this one.
 *
 * @param schema A plain schema.
 * @param value A text, a number or a truth value.
 * @returns Whether the types agree; the value itself may still be wrong.
 */
export function hasTypeOf(schema: Schema, value: unknown): boolean {
  if (schema instanceof z.ZodLiteral) {
    return [...schema.values].some((one) => typeof one === typeof value);
  }
  if (schema instanceof z.ZodEnum) {
    return schema.options.some((one) => typeof one === typeof value);
  }
  if (typeof value === "number") return schema instanceof z.ZodNumber;
  if (typeof value === "boolean") return schema instanceof z.ZodBoolean;
  return typeof value === "string" && schema instanceof z.ZodString;
}

/**
 * Tells whether a schema is one of objects or lists.
 *
 * @param schema A plain schema.
 * @returns Whether its values hold other values.
 */
export function isContainer(schema: Schema): boolean {
  return schema instanceof z.ZodObject || schema instanceof z.ZodRecord ||
    schema instanceof z.ZodArray || schema instanceof z.ZodTuple;
}

/**
 * Goes down a path beside the value, so that a union takes the branch that the value means.
 *
 * @param schema Where to start.
 * @param value What was found there.
 * @param path The way down.
 * @returns The plain schemas at its end.
 */
export function schemasAt(schema: Schema, value: unknown, path: ConfigPath): readonly Schema[] {
  let schemas = alternatives(schema);
  let here = value;
  for (const segment of path) {
    schemas = below(closest(schemas, here), segment);
    here = isObject(here) || Array.isArray(here) ? Reflect.get(here, segment) : undefined;
  }
  return schemas;
}
