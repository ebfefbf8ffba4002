/** The cells of a row. */
export type Row = readonly string[];

/**
 * Writes a table as `deno fmt` leaves it: every column is as wide as its widest cell.
 *
 * @param head The headings.
 * @param rows The rows, each with as many cells.
 * @returns Markdown, without a line break at its end.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   markdownTable(["key", "is"], [["a|b", "one"]]),
 *   "| key  | is  |\n| ---- | --- |\n| a\\|b | one |",
 * );
 * ```
 */
export function markdownTable(head: Row, rows: readonly Row[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, column) =>
    Math.max(3, ...cells.map((row) => row[column]?.length ?? 0))
  );
  const rule = widths.map((width) => "-".repeat(width));
  const [first = [], ...others] = cells.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0))
  );
  return [first, rule, ...others].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
