/**
 * What a spreadsheet would run as a formula: the signs in every width, also behind characters that
 * are not seen, and the controls that some programs drop before they look.
 */
const FORMULA = /^(?:[\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠﹦﹢﹣﹫−])/u;

/**
 * Makes a text safe as a cell: a spreadsheet would run `=HYPERLINK(…)` that a stranger sent.
 *
 * @param text The text of a cell.
 * @returns The text; behind an apostrophe when a spreadsheet could take it for a formula.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { guardFormula } from "./formula.ts";
 *
 * assertEquals(guardFormula("=1+2"), "'=1+2");
 * assertEquals(guardFormula("1+2"), "1+2");
 * ```
 */
export function guardFormula(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}
