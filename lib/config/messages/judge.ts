import * as z from "zod";
import { type ConfigPath, isObject, isWithin, type Mistake, valueAt } from "../mistake.ts";
import { describeFound, type Origins } from "../secrets.ts";
import {
  describeWanted,
  hintFor,
  oneOfInWords,
  own,
  unknownKey,
  wantedBy,
  wrongKey,
} from "./phrases.ts";
import { below, closest, hasTypeOf, keysOfSchemas, type Schema, schemasAt } from "./schema_tree.ts";

/** Where a value that is judged stands, and what may be said of it. */
export interface SettingsPlace {
  /** The value's path in the config. */
  readonly path: ConfigPath;
  readonly origins: Origins;
  /** Keys that are known beside those of the schema. */
  readonly otherKeys?: readonly string[];
}

type Issue = z.core.$ZodIssue;

/**
 * Judges a value by a schema, in the words of this program.
 *
 * A schema says what it wants in its own message when that starts with `wanted`.
 *
 * @param schema What is wanted.
 * @param value What was found.
 * @param place Where it stands.
 * @returns What the schema made of it, or every mistake.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 * import { judgeSettings } from "./judge.ts";
 *
 * const schema = z.strictObject({ port: z.int().min(0).max(65535) });
 * assertEquals(judgeSettings(schema, { port: "abc" }, { path: ["server"], origins: new Map() }), {
 *   mistakes: [{
 *     path: ["server", "port"],
 *     message: 'found "abc", wanted a whole number from 0 to 65535',
 *   }],
 * });
 * ```
 */
export function judgeSettings<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  place: SettingsPlace,
): { readonly data: Output } | { readonly mistakes: readonly Mistake[] } {
  // Without words of its own, zod says nothing: what is left are the messages of the schemas.
  // Code made for a schema pays off over many values; of configs there is one.
  const { success, data, error } = schema.safeParse(value, { error: () => "", jitless: true });
  if (success) return { data };
  return {
    mistakes: onePerPlace(error.issues.flatMap((issue) => translate(issue, schema, value, place))),
  };
}

function translate(
  issue: Issue,
  schema: Schema,
  root: unknown,
  place: SettingsPlace,
): readonly Mistake[] {
  const at = issue.path.map((segment) => typeof segment === "symbol" ? String(segment) : segment);
  const value = valueAt(root, at);
  const path = [...place.path, ...at];
  const schemas = issue.code === "invalid_union" && issue.discriminator !== undefined
    ? below(schemasAt(schema, root, at.slice(0, -1)), issue.discriminator)
    : schemasAt(schema, root, at);
  if (issue.code === "unrecognized_keys") {
    const meant = closest(schemas, value);
    const known = [...keysOfSchemas(meant), ...(at.length === 0 ? place.otherKeys ?? [] : [])];
    return issue.keys.map((key) => unknownKey(key, value, path, known));
  }
  if (issue.code === "invalid_union" && issue.discriminator === undefined) {
    return translateUnion(schemas, value, { ...place, path });
  }
  if (issue.code === "invalid_key") return [wrongKey(issue, path)];
  const found = describeFound(value, path, place.origins);
  const wanted = wantedBy(issue, schemas);
  const hint = hintFor(issue, schemas, value, path, place.origins);
  const message = issue.message === ""
    ? `found ${found}, wanted ${wanted}`
    : own(issue.message, found);
  return [{ path, message, ...(hint !== undefined && { hint }) }];
}

/** The branch that the value means tells what is wrong; without one, all branches are offered. */
function translateUnion(
  schemas: readonly Schema[],
  value: unknown,
  place: SettingsPlace,
): readonly Mistake[] {
  const meant = closest(schemas, value);
  if (isObject(value)) {
    const known = keysOfSchemas(schemas);
    const keys = Object.keys(value);
    if (known.length > 0 && meant.length > 1) {
      if (keys.length === 0) {
        const message = `found an empty object, wanted ${oneOfInWords(known)} in it`;
        return [{ path: place.path, message }];
      }
      if (!keys.some((key) => known.includes(key))) {
        return keys.map((key) => unknownKey(key, value, place.path, known));
      }
    }
  }
  // Further keys are those of the whole, not of what stands in it.
  const { path, origins } = place;
  const judged = meant.flatMap((schema) => {
    const result = schema instanceof z.ZodType
      ? judgeSettings(schema, value, { path, origins })
      : { mistakes: [] };
    return "mistakes" in result && result.mistakes.length > 0 ? [result.mistakes] : [];
  });
  const [best] = judged.toSorted((a, b) => a.length - b.length);
  const isContainer = isObject(value) || Array.isArray(value);
  const isSpecific = best !== undefined && meant.length < schemas.length &&
    (isContainer || (meant.length === 1 && meant.some((schema) => hasTypeOf(schema, value))));
  if (isSpecific) {
    return best.map((mistake) => beside(mistake, value, place.path, keysOfSchemas(schemas)));
  }
  const found = describeFound(value, place.path, place.origins);
  const names = schemas.every((schema) => schema instanceof z.ZodObject)
    ? keysOfSchemas(schemas)
    : [];
  const wanted = names.length === 0
    ? describeWanted(schemas)
    : `an object with ${oneOfInWords(names)}`;
  return [{ path: place.path, message: `found ${found}, wanted ${wanted}` }];
}

/** A key that another branch knows is no slip of the pen: two outcomes stand in one place. */
function beside(
  mistake: Mistake,
  value: unknown,
  path: ConfigPath,
  known: readonly string[],
): Mistake {
  const key = mistake.path.at(-1);
  const isKeyHere = mistake.path.length === path.length + 1 && typeof key === "string";
  if (!isKeyHere || !known.includes(key) || !mistake.message.startsWith("found unknown key")) {
    return mistake;
  }
  const other = isObject(value) ? Object.keys(value).find((one) => one !== key) : undefined;
  const message = `found ${JSON.stringify(key)} beside ${JSON.stringify(other)}, ` +
    "wanted only one of the two";
  return { path: mistake.path, message };
}

/** One slip can fail several checks: the first is the one to fix. */
function onePerPlace(mistakes: readonly Mistake[]): readonly Mistake[] {
  return mistakes.filter((mistake, index) =>
    !mistakes.slice(0, index).some(({ path }) =>
      path.length === mistake.path.length && isWithin(path, mistake.path)
    )
  );
}
