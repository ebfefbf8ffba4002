import { isExactNumber, type JsonNumber, textOfNumber } from "./json_text.ts";

/** Excel takes a file without it for the code page of the machine. */
export const BYTE_ORDER_MARK = "\uFEFF";

/**
 * What makes quotes necessary: a lone carriage return ends a line for many readers, and some drop
 * spaces at the ends.
 */
const SPECIAL = /[",\r\n]|^\s|\s$/;

/** What stands in a cell; `null` is an empty one. */
export type CsvCell = string | JsonNumber | null;

/**
 * Writes one line of CSV as RFC 4180 has it. Texts are safe against formula injection.
 *
 * @param cells The cells; `null` is an empty one.
 * @returns The line with its end, CRLF.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(csvRow(["a,b", 'say "x"', -1, null, "=1"]), '"a,b","say ""x""",-1,,\'=1\r\n');
 * ```
 */
export function csvRow(cells: readonly CsvCell[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

function cell(value: CsvCell): string {
  if (value === null) return "";
  // A number runs nothing, and an apostrophe would make it a text.
  if (typeof value === "number" || isExactNumber(value)) return textOfNumber(value);
  const text = guardFormula(value);
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

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
