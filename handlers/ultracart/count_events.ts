const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const OPEN_OBJECT = 0x7b;
const CLOSE_LIST = 0x5d;
const CLOSE_OBJECT = 0x7d;

/**
 * Counts the events in a delivery before any of it is parsed: what a few bytes ask for may be a
 * thousand times as much work. Of what is no JSON it counts something, and nobody asks for it.
 *
 * @param json The bytes of a delivery: a list, or an object that has one.
 * @param limit Where it stops counting.
 * @returns How many events there are, or elements where these are more; no more than one above the
 * limit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const json = '{"events":[{"order_create":{"a":[1,2]},"order_ship":{}},{"order_ship":{}}]}';
 * assertEquals(countEvents(new TextEncoder().encode(json), 10), 3);
 * assertEquals(countEvents(new TextEncoder().encode(json), 1), 2);
 * ```
 */
export function countEvents(json: Uint8Array, limit: number): number {
  let depth = 0;
  /** How deep the list stands: 1, or 2 within an object. */
  let listDepth = 0;
  let isList = false;
  let elements = 0;
  let names = 0;
  for (let index = 0; index < json.length; index++) {
    const byte = json[index];
    if (byte === QUOTE) {
      index = endOfText(json, index);
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      depth++;
      if (listDepth === 0) listDepth = byte === OPEN_LIST ? 1 : 2;
      if (depth === listDepth) isList = byte === OPEN_LIST;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      depth--;
    } else if (isList) {
      if (byte === COMMA && depth === listDepth && ++elements >= limit) return limit + 1;
      if (byte === COLON && depth === listDepth + 1 && ++names > limit) return limit + 1;
    }
  }
  return Math.max(elements + (elements > 0 ? 1 : 0), names);
}

/** Gives the index of the closing quote. */
function endOfText(json: Uint8Array, start: number): number {
  for (let quote = json.indexOf(QUOTE, start + 1); quote !== -1;) {
    let backslashes = 0;
    while (json[quote - 1 - backslashes] === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return quote;
    quote = json.indexOf(QUOTE, quote + 1);
  }
  return json.length;
}
