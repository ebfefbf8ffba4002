const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/**
 * Tells how long to leave the journal alone after it could not be used.
 *
 * @param failures How often in a row.
 * @returns The pause, in milliseconds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([1, 2, 3, 100].map(journalPauseMs), [250, 500, 1000, 30_000]);
 * ```
 */
export function journalPauseMs(failures: number): number {
  return Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
}
