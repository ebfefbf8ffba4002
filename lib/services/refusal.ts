/** A message that is longer than this is none for a shopper. */
const LONGEST_MESSAGE = 1000;

/**
 * Reads the document of a 400: uStore's webhooks refuse an order with `{"message": "…"}`.
 *
 * @param document The parsed JSON.
 * @returns The message to the shopper, `undefined` when there is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(refusalOf({ message: "Your budget is used up." }), "Your budget is used up.");
 * assertEquals(refusalOf({ error: "bad request" }), undefined);
 * ```
 */
export function refusalOf(document: unknown): string | undefined {
  if (typeof document !== "object" || document === null || !("message" in document)) {
    return undefined;
  }
  const { message } = document;
  if (typeof message !== "string" || message.trim() === "") return undefined;
  return message.length <= LONGEST_MESSAGE ? message.toWellFormed() : undefined;
}
