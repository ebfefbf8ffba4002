import { isExactNumber, textOfNumber } from "../../../lib/util/exact_json.ts";

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
