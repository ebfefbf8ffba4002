import { guardFormula } from "./formula.ts";

/** Excel takes a file without it for the code page of the machine. */
export const BYTE_ORDER_MARK = "\uFEFF";

/**
 * What makes quotes necessary: a lone carriage return ends a line for many readers, and some drop
 * spaces at the ends.
 */
const SPECIAL = /[",\r\n]|^\s|\s$/;

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
export function csvRow(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

function cell(value: string | number | null): string {
  if (value === null) return "";
  // A number is none that a stranger wrote, and an apostrophe would make it a text.
  const text = typeof value === "number" ? String(value) : guardFormula(value);
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
