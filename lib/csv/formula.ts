/** What begins a formula, in every width. */
const SIGN = /^[=+\-@＝＋－＠﹦﹢﹣﹫−]/;

/**
 * What a spreadsheet would run as a formula: a sign, also behind characters that are not seen, and
 * the controls that some programs drop before they look.
 */
const FORMULA = /^(?:[\t\r\n]|["\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠﹦﹢﹣﹫−])/u;

/**
 * Where a cell may begin within a text: behind the end of a line, a tab or, where the comma stands
 * in numbers, a semicolon. A program that separates by these takes no notice of the quotes around
 * the whole. What is not seen before the sign belongs to it.
 */
const INNER_START = /[;\t\r\n\v\f\u0085\u2028\u2029][";\s\p{Cc}\p{Cf}]*/gu;

/** A number runs nothing, as in `1;-2`. */
const PLAIN_NUMBER = /^[+-]?\d[\d.,]{0,40}(?:$|[;\s])/;

/**
 * Makes a text safe as a cell: a spreadsheet would run `=HYPERLINK(…)` that a stranger sent.
 *
 * @param text The text of a cell.
 * @returns The text; an apostrophe stands before each part that a spreadsheet could take for a
 * formula.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { guardFormula } from "./formula.ts";
 *
 * assertEquals(guardFormula("=1+2"), "'=1+2");
 * assertEquals(guardFormula("1+2"), "1+2");
 * assertEquals(guardFormula("x;=1+2"), "x;'=1+2");
 * ```
 */
export function guardFormula(text: string): string {
  const guarded = text.replace(INNER_START, (start, offset: number) => {
    const follows = text.slice(offset + start.length, offset + start.length + 44);
    return SIGN.test(follows) && !PLAIN_NUMBER.test(follows) ? `${start}'` : start;
  });
  return FORMULA.test(text) ? `'${guarded}` : guarded;
}
