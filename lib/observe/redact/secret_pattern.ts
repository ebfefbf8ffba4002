/** Characters that no notation writes in another way. */
const PLAIN = /^[A-Za-z\d_.-]$/;

const BACKSLASH = "(?:\\\\|%5[cC])";

/** Before these stand backslashes in JSON, more of them in JSON inside of JSON, and so on. */
const QUOTES: ReadonlySet<string> = new Set(['"', "'", "`"]);

/** How JSON, and languages like it, write control characters. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\b", "b"],
  ["\t", "t"],
  ["\n", "n"],
  ["\f", "f"],
  ["\r", "r"],
]);

/**
 * Writes the pattern of a secret so that it finds it however it was written: as it is, in JSON at
 * any depth, and in a URL.
 *
 * @param secret The secret.
 * @returns The source of a regular expression without flags.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const pattern = new RegExp(`^${secretPattern('a"b/c')}$`);
 * const written = ['a"b/c', 'a\\"b/c', 'a\\\\\\"b/c', "a%22b%2Fc"];
 * assertEquals(written.map((text) => pattern.test(text)), [true, true, true, true]);
 * ```
 */
export function secretPattern(secret: string): string {
  // The pattern of one backslash finds all that follow each other.
  return Array.from(secret.replaceAll(/\\+/g, "\\"), characterPattern).join("");
}

function characterPattern(character: string): string {
  if (character === "\\") return `${BACKSLASH}+`;
  if (PLAIN.test(character)) return RegExp.escape(character);
  const ways = [...writtenPatterns(character), ...percentPatterns(character)];
  return `(?:${ways.join("|")})`;
}

function writtenPatterns(character: string): readonly string[] {
  if (QUOTES.has(character)) return [`${BACKSLASH}*(?:${character}|${percentCodes(character)})`];
  const code = character.charCodeAt(0);
  const hex = code.toString(16).padStart(4, "0");
  const unicode = `\\\\+u${anyCase(hex)}`;
  const escape = ESCAPES.get(character);
  return [
    RegExp.escape(character),
    ...(escape === undefined ? [] : [`\\\\+${escape}`]),
    // Beyond the control characters and halves of a pair, nobody has to write it so.
    ...(character.length === 1 ? [unicode] : []),
  ];
}

function percentPatterns(character: string): readonly string[] {
  // Half of a pair has no bytes.
  if (!character.isWellFormed()) return [];
  return [percentCodes(character), ...(character === " " ? ["\\+"] : [])];
}

function percentCodes(character: string): string {
  const bytes = new TextEncoder().encode(character);
  return Array.from(bytes, (byte) => `%${anyCase(byte.toString(16).padStart(2, "0"))}`).join("");
}

function anyCase(hex: string): string {
  return hex.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}
