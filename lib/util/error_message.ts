/**
 * Gives the message of what was thrown.
 *
 * @param error What was thrown.
 * @returns Its message; what is no error as text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([new TypeError("failed"), "failed"].map(messageOf), ["failed", "failed"]);
 * ```
 */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
