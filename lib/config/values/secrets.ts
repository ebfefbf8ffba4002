import { formatPath, isObject } from "../file/config_path.ts";
import type { ConfigPath } from "../mistake.ts";

/** Where a value came from when it is not from the file: path, as text, to e.g. `${PORT}`. */
export type Origins = ReadonlyMap<string, string>;

/** Keys below which nothing is ever shown. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  "signaturekeys",
  "signaturekey",
  "secrets",
  "secret",
  "password",
  "pathtoken",
  "headers",
  "passwords",
  "token",
  "apikey",
  "key",
  "keys",
]);

/**
 * Tells whether a value may not be shown because of its key.
 *
 * @param path Where it stands.
 * @returns Whether the key, or one above it, holds a secret.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { isSecret } from "./secrets.ts";
 *
 * assertEquals(isSecret(["endpoints", 0, "signatureKeys", 1]), true);
 * assertEquals(isSecret(["server", "port"]), false);
 * ```
 */
export function isSecret(path: ConfigPath): boolean {
  return path.some((segment) =>
    typeof segment === "string" && SECRET_KEYS.has(segment.toLowerCase())
  );
}

/**
 * Says what was found, without showing what may be a secret.
 *
 * @param value What was found.
 * @param path Where.
 * @param origins What came from outside the file: never shown either.
 * @returns The value itself, shortened, or what kind of value it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { describeFound } from "./secrets.ts";
 *
 * const origins = new Map([["server.port", "${PORT}"]]);
 * assertEquals(describeFound("abc", ["server", "hostname"], origins), '"abc"');
 * assertEquals(describeFound("abc", ["server", "port"], origins), "text from ${PORT}");
 * assertEquals(describeFound("abc", ["destinations", "erp", "secret"], origins), "text");
 * ```
 */
export function describeFound(value: unknown, path: ConfigPath, origins: Origins): string {
  const origin = origins.get(formatPath(path));
  if (origin !== undefined) return `${kindOf(value)} from ${origin}`;
  return isSecret(path) || typeof value === "object" || value === undefined
    ? kindOf(value)
    : shorten(String(JSON.stringify(withoutUserInfo(value))));
}

/**
 * Says what kind of value something is.
 *
 * @param value Any JSON value.
 * @returns Its kind, e.g. `a list`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { kindOf } from "./secrets.ts";
 *
 * assertEquals([[2], "x", 1, undefined].map(kindOf), ["a list", "text", "a number", "nothing"]);
 * ```
 */
export function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (value === "") return "empty text";
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "a number";
  return typeof value === "boolean" ? "true or false" : "an object";
}

/**
 * Collects every text of a config that may be secret.
 *
 * @param value The config, filled in.
 * @param origins What came from outside the file.
 * @returns The texts, the longest first.
 */
export function secretTexts(value: unknown, origins: Origins): readonly string[] {
  const texts = new Set<string>();
  function visit(here: unknown, path: ConfigPath): void {
    if (typeof here === "string") {
      if (isSecret(path) || origins.has(formatPath(path))) texts.add(here);
    } else if (Array.isArray(here)) here.forEach((item, index) => visit(item, [...path, index]));
    else if (isObject(here)) {
      Object.entries(here).forEach(([key, item]) => visit(item, [...path, key]));
    }
  }
  visit(value, []);
  return [...texts].toSorted((a, b) => b.length - a.length);
}

/** What is shorter is no secret, and blanking it would make words unreadable. */
const SHORTEST_SECRET = 4;

/**
 * Blanks secrets in a text that someone else wrote.
 *
 * @param text The text.
 * @param secrets What may not be shown, of {@linkcode secretTexts}.
 * @returns The text with `…` in the place of each.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { blank } from "./secrets.ts";
 *
 * assertEquals(blank("Cannot use hunter2 here", ["hunter2"]), "Cannot use … here");
 * ```
 */
export function blank(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .reduce((blanked, secret) => blanked.replaceAll(secret, "…"), text);
}

/** `https://user:password@host` is how a password gets into a URL. */
function withoutUserInfo(value: unknown): unknown {
  return typeof value === "string" ? value.replace(/\/\/[^/?#]*@/, "//…@") : value;
}

function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 78)}…"`;
}
