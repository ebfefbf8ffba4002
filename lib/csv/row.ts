import { isExactNumber, type JsonNumber, textOfNumber } from "../exact_json.ts";
import { guardFormula } from "./formula.ts";

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
 * import { csvRow } from "./row.ts";
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
