import type * as z from "zod";
import { nearest } from "../../util/nearest.ts";
import { isObject } from "../file/config_path.ts";
import type { ConfigPath, Mistake } from "../mistake.ts";
import { describeFound, type Origins } from "../values/secrets.ts";
import { constantsOf, describeWanted, listOf } from "./wanted.ts";
import type { Schema } from "./zod_tree.ts";

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
  const offered = free.length === 0 ? "" : `, wanted ${listOf(free)}`;
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
 * import { own } from "./zod_phrases.ts";
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
  if (typeof value !== "string") return undefined;
  const isShown = describeFound(value, path, origins).startsWith('"');
  const constant = nearest(value, schemas.flatMap(constantsOf).map(String));
  const near = constant === undefined ? nearBySchema(issue) : [constant];
  if (near.length > 0 && isShown) {
    return `Did you mean ${near.map((one) => JSON.stringify(one)).join(" or ")}?`;
  }
  const wantsOther = issue.code === "invalid_type" &&
    (issue.expected === "number" || issue.expected === "boolean" || issue.expected === "int");
  return wantsOther && isShown && /^(-?\d+(\.\d+)?|true|false)$/.test(value)
    ? "Write it without the quotes"
    : undefined;
}

/** A schema with words of its own may say in `params.near` what was probably meant. */
function nearBySchema(issue: Issue): readonly unknown[] {
  const near: unknown = issue.code === "custom" ? issue.params?.near : undefined;
  return Array.isArray(near) ? near : [];
}
