/**
 * Writes a number as the text format has it.
 *
 * @param value Any number.
 * @returns Its text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([0.25, Infinity].map(formatNumber), ["0.25", "+Inf"]);
 * ```
 */
export function formatNumber(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}
