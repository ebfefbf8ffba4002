/** Made when first needed: it costs the start of a server that never counts. */
let numbers: Intl.NumberFormat | undefined;

/**
 * Writes a number for people.
 *
 * @param count The number.
 * @param one What is counted; without it the number stands alone.
 * @param many Several of them.
 * @returns The number with its noun.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatCount } from "./format_count.ts";
 *
 * assertEquals(formatCount(1, "delivery", "deliveries"), "1 delivery");
 * assertEquals(formatCount(1234, "item"), "1,234 items");
 * ```
 */
export function formatCount(count: number, one?: string, many = `${one}s`): string {
  numbers ??= new Intl.NumberFormat("en-US");
  const digits = numbers.format(count);
  return one === undefined ? digits : `${digits} ${count === 1 ? one : many}`;
}
