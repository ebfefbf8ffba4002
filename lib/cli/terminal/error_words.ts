/** Deep enough for what fetch throws; a chain that holds itself would have no end. */
const MOST_CAUSES = 5;

/**
 * Says what went wrong, with the causes behind it: `fetch` itself says only that it failed.
 *
 * @param error What was thrown.
 * @returns The messages, from the outermost to the cause, each once.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { errorWords } from "./error_words.ts";
 *
 * const cause = new Error("connection refused");
 * assertEquals(errorWords(new TypeError("fetch failed", { cause })), "fetch failed: connection refused");
 * ```
 */
export function errorWords(error: unknown): string {
  const words: string[] = [];
  let here = error;
  for (let depth = 0; depth <= MOST_CAUSES && here !== undefined && here !== null; depth++) {
    const message = here instanceof Error ? here.message || here.name : String(here);
    if (!words.some((earlier) => earlier.includes(message))) words.push(message);
    here = here instanceof Error ? here.cause : undefined;
  }
  return words.join(": ");
}
