/** Paths that the server answers by itself. */
export const RESERVED_PATHS: ReadonlySet<string> = new Set(["/livez", "/readyz", "/healthz"]);

/** Below them the server answers by itself too: there stand the pages of exported lists. */
export const RESERVED_PREFIXES: readonly string[] = ["/exports/"];

/**
 * Tells whether the server answers a path by itself.
 *
 * @param path The path.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["/livez", "/exports/x", "/exports"].map(isReserved), [true, true, false]);
 * ```
 */
export function isReserved(path: string): boolean {
  return RESERVED_PATHS.has(path) || RESERVED_PREFIXES.some((prefix) => path.startsWith(prefix));
}
