/** What a uStore document may be instead of what it should be: told in few words, or passed over. */
import { ShapeError, type Wanted } from "../../lib/rules/cel/evaluation.ts";
import { isExactNumber, textOfNumber } from "../../lib/util/json_text.ts";

/** An element of the document: its children by name. */
export type Element = Readonly<Record<string, unknown>>;

const LONGEST_EXCERPT = 60;

/** Whether an element is empty: `null`, `""`, white space alone or missing. */
export function isEmpty(value: unknown): value is null | undefined | string {
  return value === undefined || value === null ||
    (typeof value === "string" && value.trim() === "");
}

/** Whether a value has children or attributes. */
export function isElement(value: unknown): value is Element {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !isExactNumber(value);
}

/**
 * Makes the error for a field of the wrong type.
 *
 * @param path Where, in uStore's own names.
 * @param found The value that stands there; it is quoted, shortened.
 * @param wanted What should stand there.
 */
export function misshapen(path: string, found: unknown, wanted: Wanted): ShapeError {
  const text = found === undefined ? "nothing" : excerpt(found, LONGEST_EXCERPT);
  return new ShapeError(path, text, wanted);
}

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
 * import { readText } from "./elements.ts";
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

/**
 * Writes the beginning of a value as JSON.
 *
 * The value may be of any size and depth: no more of it is walked than is written.
 *
 * @param value What JSON can hold.
 * @param maxLength After how many characters it is cut.
 * @returns The JSON text, with `…` where it was cut.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(excerpt({ "@id": "6" }, 60), '{"@id":"6"}');
 * assertEquals(excerpt([1, 2, 3], 4), "[1,2…");
 * ```
 */
export function excerpt(value: unknown, maxLength: number): string {
  let text = "";
  for (const piece of pieces(value, maxLength)) {
    text += piece;
    // Half of a surrogate pair is no character.
    if (text.length > maxLength) {
      return `${text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, "")}…`;
    }
  }
  return text;
}

/** Every piece has a character at least, so the depth is bounded by what is written. */
function* pieces(value: unknown, maxLength: number): Generator<string> {
  const quote = (text: string) => JSON.stringify(text.slice(0, maxLength));
  if (typeof value === "string") {
    yield quote(value);
  } else if (isExactNumber(value)) {
    yield textOfNumber(value);
  } else if (typeof value !== "object" || value === null) {
    yield String(value);
  } else if (Array.isArray(value)) {
    let before = "[";
    for (const item of value) {
      yield before;
      yield* pieces(item, maxLength);
      before = ",";
    }
    yield value.length === 0 ? "[]" : "]";
  } else {
    const entries = Object.entries(value);
    let before = "{";
    for (const [name, child] of entries) {
      yield `${before}${quote(name)}:`;
      yield* pieces(child, maxLength);
      before = ",";
    }
    yield entries.length === 0 ? "{}" : "}";
  }
}
