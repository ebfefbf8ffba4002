/**
 * Writes a table in Markdown. All but the first column are figures.
 *
 * @param heads The heads of its columns.
 * @param rows Its rows.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(table(["name", "ms"], [["a", "1"]]), "| name | ms |\n| --- | ---: |\n| a | 1 |\n");
 * ```
 */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = heads.map((_, index) => index === 0 ? "---" : "---:");
  return [heads, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

/**
 * Writes a figure with three digits that mean something.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([12345.6, 42.42, 0.1234].map(figure), ["12346", "42.4", "0.12"]);
 * ```
 */
export function figure(value: number): string {
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}
