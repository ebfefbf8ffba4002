/** What could move the cursor of a terminal, recolour it or turn the direction of what follows. */
const UNPRINTABLE = /[\p{Cc}\u061c\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Makes a text from the outside safe to show on a terminal.
 *
 * @param text The text.
 * @param kept Characters that may stay, e.g. line breaks.
 * @returns The text, every control character as an escape.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { printable } from "./printable.ts";
 *
 * assertEquals(printable("a\u001b[2Jb\n"), "a\\u001b[2Jb\\u000a");
 * assertEquals(printable("a\nb", "\n"), "a\nb");
 * ```
 */
export function printable(text: string, kept = ""): string {
  return text.replace(
    UNPRINTABLE,
    (character) =>
      kept.includes(character)
        ? character
        : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
