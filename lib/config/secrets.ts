/** What of a config may be shown, and what may not: in messages, in the log, anywhere. */
import { type ConfigPath, formatPath, isObject } from "./mistake.ts";

/** Where a value came from when it is not from the file: path, as text, to e.g. `${PORT}`. */
export type Origins = ReadonlyMap<string, string>;

/** A config, filled in. */
export interface ValueWithOrigins {
  readonly value: unknown;
  readonly origins: Origins;
}

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
  if (origin !== undefined) return `${kindOfValue(value)} from ${origin}`;
  if (isSecret(path) || looksSecret(value) || typeof value === "object" || value === undefined) {
    return kindOfValue(value);
  }
  if (typeof value !== "string") return shorten(String(JSON.stringify(value)));
  const isUrl = URL_KEY.test(String(path.at(-1)));
  return shorten(JSON.stringify(isUrl ? withoutUrlSecrets(value) : withoutCredentials(value)));
}

/** What stands there is wanted to be a URL, whatever it is. */
const URL_KEY = /^(?:url|publicUrl|proxy)$/i;

/** Also of what is no URL yet, for want of its scheme or of a slash. */
function withoutUrlSecrets(text: string): string {
  const blanked = withoutCredentials(text).replace(/\?.{8,}$/s, "?…");
  return blanked.includes("//…@") ? blanked : blanked.replace(/^.*@/s, "…@");
}

/** What a secret that was put in the wrong place looks like. */
const SECRET_SHAPES: readonly RegExp[] = [
  /\bwh(?:sec|sk|pk)_/,
  /^[\w-]*:?\s*(?:bearer|basic|token|apikey)\s+\S/i,
  /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w+=-][\w+/=-]{19,}$/,
  /^[\da-f]{32,}$/i,
];

function looksSecret(value: unknown): boolean {
  return typeof value === "string" && SECRET_SHAPES.some((shape) => shape.test(value));
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
 * import { kindOfValue } from "./secrets.ts";
 *
 * assertEquals([[2], "x", 1, undefined].map(kindOfValue), ["a list", "text", "a number", "nothing"]);
 * ```
 */
export function kindOfValue(value: unknown): string {
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

/**
 * `https://user:password@host?token=…` is how a password gets into a URL. In that of a database it may
 * hold what divides a URL elsewhere.
 */
export function withoutCredentials(text: string): string {
  return text.replace(/^(?!https?:)([a-z][a-z\d+.-]*:\/\/).*@/is, "$1…@").replace(
    /\/\/[^/?#]*@/,
    "//…@",
  )
    .replace(/(\/\/[^?#]*\?).{8,}$/, "$1…");
}

function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 78)}…"`;
}

/** What a secret of Standard Webhooks begins with; what follows is a secret by itself. */
const PREFIX = /^wh(?:sec|sk)_/;
/** The password in the URL of a database or a mail server, whatever stands in it. */
const OF_ANOTHER_SCHEME = /^(?!https?:|socks5h?:)[a-z][a-z\d+.-]*:\/\/[^:@/?#]*:(.+)@/is;
/** A shorter parameter of a URL is a word as `format=json`. */
const SHORTEST_PARAMETER = 8;

/**
 * Collects what a running server may never show of its config: what stands below the key of a
 * secret, what of it travels in other forms, and credentials within URLs.
 *
 * Other values from the environment, as a port or a host name, are no secrets.
 *
 * @param filled The config.
 * @returns Every such text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const value = { services: { tax: { url: "https://me:pass-word@host/?code=a1b2c3d4", key: "abc" } } };
 * assertEquals(
 *   secretsToHide({ value, origins: new Map() }),
 *   ["pass-word", "a1b2c3d4", "abc"],
 * );
 * ```
 */
export function secretsToHide({ value, origins }: ValueWithOrigins): string[] {
  const secrets = new Set<string>();
  function visit(here: unknown, path: ConfigPath): void {
    if (Array.isArray(here)) here.forEach((item, index) => visit(item, [...path, index]));
    else if (isObject(here)) {
      for (const text of basicCredentials(here)) secrets.add(text);
      for (const [key, item] of Object.entries(here)) visit(item, [...path, key]);
    } else if (typeof here === "string") {
      for (const text of secretsOf(here, path, origins)) secrets.add(text);
    }
  }
  visit(value, []);
  secrets.delete("");
  return [...secrets];
}

function secretsOf(text: string, path: ConfigPath, origins: Origins): readonly string[] {
  if (isSecret(path)) return [text, text.replace(PREFIX, "")];
  const [, password] = OF_ANOTHER_SCHEME.exec(text) ?? [];
  if (password !== undefined) return [password, decoded(password)];
  // Most texts are none, and a long look at each of them takes a while.
  const url = text.includes(":") ? URL.parse(text) : null;
  if (url === null || !/^(?:https?|socks5h?):$/.test(url.protocol)) return [];
  const parameters = [...url.searchParams.values()].filter((one) =>
    one.length >= SHORTEST_PARAMETER
  );
  // A URL that does not stand in the file is kept out of it as a whole.
  const isKeptOut = path[0] !== "server" && origins.has(formatPath(path));
  return [...(isKeptOut ? [text, url.href] : []), decoded(url.password), ...parameters];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function basicCredentials(section: Readonly<Record<string, unknown>>): readonly string[] {
  const { username, password } = section;
  if (typeof username !== "string" || typeof password !== "string") return [];
  return [new TextEncoder().encode(`${username}:${password}`).toBase64()];
}
