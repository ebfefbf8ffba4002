/** What a field should have been. The names are keys of the translated words for it. */
export type Wanted = "number" | "text" | "object" | "list" | "items" | "id" | "present";

/**
 * A field that the decision reads has the wrong type.
 *
 * Thrown while a rule or an outcome reads the document, so that only what is read is judged.
 */
export class ShapeError extends Error {
  override readonly name = "ShapeError";

  /**
   * @param path Where, in the sender's own names, e.g. `Order.Prices.TotalPrice`.
   * @param found What stands there, shortened JSON, or `nothing`.
   * @param wanted What should stand there.
   */
  constructor(readonly path: string, readonly found: string, readonly wanted: Wanted) {
    super(`Cannot read ${path}: found ${found}, wanted ${wanted}`);
  }
}
