/** A backslash would turn the one of an escape into text. */
const AFTER_BACKSLASH = /(?<!\\)(?:\\\\)*\\[^\0-\x7f]/;

/**
 * Writes all that is not ASCII in a module as escapes, which mean the same in strings, templates
 * and patterns: with one other character, an engine keeps two bytes for every one and reads slower.
 *
 * @param module The text of the module.
 * @returns The same in ASCII.
 * @throws {SyntaxError} When a backslash stands before such a character.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { inAscii } from "./ascii.ts";
 *
 * assertEquals(inAscii("const unit = /µs|😀/u;"), "const unit = /\\u00b5s|\\ud83d\\ude00/u;");
 * ```
 */
export function inAscii(module: string): string {
  const found = AFTER_BACKSLASH.exec(module)?.[0];
  if (found !== undefined) {
    throw new SyntaxError(`Cannot escape ${JSON.stringify(found.at(-1))}: a backslash precedes it`);
  }
  return module.replaceAll(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
