const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
/** `[` and `{` differ in this bit alone, and so do `]` and `}`. */
const BRACE_BIT = 0x20;
const OPEN_LIST = 0x5b;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/**
 * Looks for a list with more elements than anybody has, before any of it is parsed: what a few bytes
 * ask for may be a thousand times as much work.
 *
 * @param json The bytes of a document. Of what is no JSON it says something, and nobody asks for it.
 * @param most How many elements a list may have.
 * @returns Whether there is a longer one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const json = new TextEncoder().encode('{"a":[1,[2,"3,4"],{"b":5,"c":6}]}');
 * assertEquals([2, 3].map((most) => hasLongList(json, most)), [true, false]);
 * ```
 */
export function hasLongList(json: Uint8Array, most: number): boolean {
  // An element takes a byte and a comma at least.
  if (json.length < 2 * most) return false;
  /** Of each bracket that is open: how many commas may follow in it. */
  const left: number[] = [];
  let depth = 0;
  for (let index = 0; index < json.length; index++) {
    const byte = json[index] ?? 0;
    if (byte === QUOTE) {
      index = endOfText(json, index);
    } else if ((byte | BRACE_BIT) === OPEN) {
      left[depth++] = byte === OPEN_LIST ? most - 1 : Infinity;
    } else if ((byte | BRACE_BIT) === CLOSE) {
      if (depth > 0) depth--;
    } else if (byte === COMMA && depth > 0) {
      const commas = left[depth - 1] ?? 0;
      if (commas === 0) return true;
      left[depth - 1] = commas - 1;
    }
  }
  return false;
}

/**
 * Finds where a text in the bytes of a document ends.
 *
 * @param json The bytes.
 * @param start The index of the opening quote.
 * @returns The index of the closing one; the length where there is none.
 */
export function endOfText(json: Uint8Array, start: number): number {
  for (let quote = json.indexOf(QUOTE, start + 1); quote !== -1;) {
    let backslashes = 0;
    while (json[quote - 1 - backslashes] === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return quote;
    quote = json.indexOf(QUOTE, quote + 1);
  }
  return json.length;
}
