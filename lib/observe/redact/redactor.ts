import { secretPattern } from "./secret_pattern.ts";
import { REMOVED } from "./sensitive_fields.ts";
import { SENSITIVE_PATTERNS, takeOut } from "./sensitive_patterns.ts";

/** Takes secrets and what is about people out of finished log lines. */
export interface Redactor {
  /** Takes it out of a line for people. */
  text(line: string): string;
  /** Takes it out of a line of JSON, which remains JSON with the same keys. */
  json(line: string): string;
}

/** What is shorter is no secret, and taking it out would make words unreadable. */
const SHORTEST_SECRET = 4;

const SENSITIVE = new RegExp(SENSITIVE_PATTERNS.join("|"), "g");

/**
 * Makes a redactor. A line is looked through once, whatever the number of secrets.
 *
 * @param secrets The secrets of the config.
 * @returns The redactor.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { text, json } = createRedactor(["hunter2"]);
 * assertEquals(text("hunter2 of jane@example.com"), "[removed] of [removed]");
 * assertEquals(json('{"level":"INFO","message":"hunter2"}\n'), '{"level":"INFO","message":"[removed]"}\n');
 * ```
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const ofConfig = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    // Of two secrets that begin alike, the longer one.
    .toSorted((a, b) => b.length - a.length)
    .map(secretPattern);
  const found = new RegExp([...ofConfig, ...SENSITIVE_PATTERNS].join("|"));
  const secret = ofConfig.length === 0 ? undefined : new RegExp(ofConfig.join("|"), "g");

  // Secrets go first: what else is found in a line could begin before one and end within it.
  function clean(text: string): string {
    const withoutSecrets = secret === undefined ? text : text.replace(secret, REMOVED);
    return withoutSecrets.replace(SENSITIVE, (match) => takeOut(match, REMOVED));
  }
  return {
    text: (line) => found.test(line) ? clean(line) : line,
    json: (line) => found.test(line) ? `${JSON.stringify(cleanJson(line, clean))}\n` : line,
  };
}

/** Values alone are changed: a secret that is a word like `level` would make the line useless. */
function cleanJson(line: string, clean: (text: string) => string): unknown {
  const parsed: unknown = JSON.parse(line, (_, value: unknown) => {
    if (typeof value === "string") return clean(value);
    if (typeof value !== "number") return value;
    return clean(String(value)) === String(value) ? value : REMOVED;
  });
  return parsed;
}
