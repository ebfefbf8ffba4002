const FACTORS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};
const NAMES = ["B", "KB", "MB", "GB", "TB"];

/**
 * Reads a size: a number with its unit. `MB` is a million bytes, `MiB` is 1024 × 1024.
 *
 * @param text The text.
 * @returns Bytes, `undefined` when it is no size.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseSize } from "./size.ts";
 *
 * assertEquals(parseSize("1.5GB"), 1_500_000_000);
 * assertEquals(parseSize("64 KiB"), 65_536);
 * assertEquals(parseSize("2G"), undefined);
 * ```
 */
export function parseSize(text: string): number | undefined {
  const [, number, unit = ""] = /^(\d{1,15}(?:\.\d{1,3})?) ?([a-z]{1,3})$/i.exec(text) ?? [];
  const factor = FACTORS[unit.toLowerCase()];
  return number === undefined || factor === undefined
    ? undefined
    : Math.round(Number(number) * factor);
}

/**
 * Writes a size for people.
 *
 * @param bytes The size.
 * @returns The size in the unit that fits.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatSize } from "./size.ts";
 *
 * assertEquals(formatSize(999), "999 B");
 * assertEquals(formatSize(1_234_567), "1.2 MB");
 * ```
 */
export function formatSize(bytes: number): string {
  let power = 0;
  // 999,950 would be written as 1000.0 KB.
  while (power < NAMES.length - 1 && bytes / 1000 ** power >= (power === 0 ? 1000 : 999.95)) {
    power++;
  }
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${NAMES[power]}`;
}
