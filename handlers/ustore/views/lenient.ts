import { ShapeError } from "../../../lib/rules/cel/evaluation.ts";

/**
 * Reads what no answer depends on.
 *
 * @param read Reads it.
 * @param fallback What stands for a field of the wrong type.
 * @returns What was read, or the fallback.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readText } from "./fields.ts";
 *
 * assertEquals(lenient(() => readText("Flyer", "item.product.name"), ""), "Flyer");
 * assertEquals(lenient(() => readText(["x"], "item.product.name"), ""), "");
 * ```
 */
export function lenient<Value, Fallback>(read: () => Value, fallback: Fallback): Value | Fallback {
  try {
    return read();
  } catch (error) {
    if (error instanceof ShapeError) return fallback;
    throw error;
  }
}
