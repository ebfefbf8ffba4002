import { hash } from "../hash.ts";

/**
 * Makes the key of an event that its platform gives no id: the same parts give the same key.
 *
 * @param parts What tells the event from others, e.g. its type and its canonical JSON.
 * @returns A SHA-256 in lower-case hex.
 *
 * @example
 * ```ts
 * import { assertEquals, assertNotEquals } from "@std/assert";
 *
 * assertEquals(eventKey(["cart.created", "{}"]), eventKey(["cart.created", "{}"]));
 * assertNotEquals(eventKey(["ab", "c"]), eventKey(["a", "bc"]));
 * ```
 */
export function eventKey(parts: readonly string[]): string {
  // With its length before it, no part can pass for the end of the one before.
  return hash("sha256", ...parts.flatMap((part) => [`${part.length}:`, part])).toHex();
}
