/**
 * Cuts values out of a JSON text as they were sent: numbers, escapes and white space stay.
 *
 * The text must be valid JSON, which `decodeJson` sees to. Thus whatever is not asked for can be
 * skipped without a look inside, several times as fast as a parser that names every token.
 */

/** A member of an object, cut out of a JSON text. */
export interface JsonMember {
  /** Its name, unescaped. */
  readonly name: string;
  /** The text of its value, as it was sent. */
  readonly text: string;
}

/**
 * Cuts the members out of an object. A name that stands twice gives two members, where
 * `JSON.parse` would lose the first.
 *
 * @param json Valid JSON.
 * @returns The members in order; `undefined` when it is no object.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(sliceMembers('{ "total": 20.00, "a\\u0062": [1, 2] }'), [
 *   { name: "total", text: "20.00" },
 *   { name: "ab", text: "[1, 2]" },
 * ]);
 * assertEquals(sliceMembers("[]"), undefined);
 * ```
 */
export function sliceMembers(json: string): readonly JsonMember[] | undefined {
  let index = skipSpace(json, 0);
  if (json[index] !== "{") return undefined;
  const members: JsonMember[] = [];
  index = skipSpace(json, index + 1);
  while (json[index] === '"') {
    const nameEnd = skipText(json, index);
    const name = String(JSON.parse(json.slice(index, nameEnd)));
    const start = skipSpace(json, skipSpace(json, nameEnd) + 1);
    const end = skipValue(json, start);
    members.push({ name, text: json.slice(start, end) });
    index = skipComma(json, end);
  }
  return members;
}

/**
 * Cuts the elements out of an array.
 *
 * @param json Valid JSON.
 * @returns The texts of the elements in order; `undefined` when it is no array.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(sliceElements('[1.0, {"a": "\\u00e9"}]'), ["1.0", '{"a": "\\u00e9"}']);
 * assertEquals(sliceElements("{}"), undefined);
 * ```
 */
export function sliceElements(json: string): readonly string[] | undefined {
  let index = skipSpace(json, 0);
  if (json[index] !== "[") return undefined;
  const elements: string[] = [];
  index = skipSpace(json, index + 1);
  while (index < json.length && json[index] !== "]") {
    const end = skipValue(json, index);
    elements.push(json.slice(index, end));
    index = skipComma(json, end);
  }
  return elements;
}

/** To the next value, or to the closing bracket. */
function skipComma(json: string, end: number): number {
  const index = skipSpace(json, end);
  return json[index] === "," ? skipSpace(json, index + 1) : index;
}

const BRACKET_OR_QUOTE = /["[\]{}]/g;

function skipValue(json: string, start: number): number {
  const first = json[start];
  if (first === '"') return skipText(json, start);
  if (first !== "{" && first !== "[") return skipScalar(json, start);
  let index = start;
  let depth = 0;
  do {
    index = skipTo(BRACKET_OR_QUOTE, json, index);
    const found = json[index];
    if (found === '"') {
      index = skipText(json, index);
      continue;
    }
    depth += found === "{" || found === "[" ? 1 : -1;
    index++;
  } while (depth > 0 && index < json.length);
  return index;
}

const NO_SPACE = /[^ \t\r\n]/g;
const SCALAR_END = /[,\]} \t\r\n]/g;

/** To the next character that is no white space. */
function skipSpace(json: string, start: number): number {
  return skipTo(NO_SPACE, json, start);
}

/** From the first character of a number, `true`, `false` or `null` to after it. */
function skipScalar(json: string, start: number): number {
  return skipTo(SCALAR_END, json, start);
}

/** From an opening quote to after the closing one: the first that is not escaped. */
function skipText(json: string, start: number): number {
  let index = start + 1;
  while (index < json.length) {
    const quote = json.indexOf('"', index);
    if (quote === -1) break;
    let backslashes = 0;
    while (json[quote - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
    index = quote + 1;
  }
  return json.length;
}

/**
 * To the next of these characters; to the end when there is none.
 *
 * @param characters A pattern with the flag `g`.
 */
function skipTo(characters: RegExp, json: string, start: number): number {
  characters.lastIndex = start;
  return characters.exec(json)?.index ?? json.length;
}
