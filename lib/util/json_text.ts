/**
 * JSON by its text: numbers that keep their own from what came in to what goes out, and values that
 * are cut out as they were sent.
 *
 * A double holds neither `9007199254740993` nor the last zero of `8.10`. Where JSON is read with
 * `parseExactJson()`, a number that a double would change stays its text, as the object that
 * `JSON.rawJSON` makes: `JSON.stringify` writes it as it was sent, and nobody has to think of it.
 *
 * What is cut must be valid JSON, which `decodeJson` sees to. Thus whatever is not asked for can be
 * skipped without a look inside, several times as fast as a parser that names every token.
 */
/** A number that a double would change: what `JSON.rawJSON` makes of its text. */
export interface ExactNumber {
  readonly rawJSON: string;
}

/** A number of a JSON text. */
export type JsonNumber = number | ExactNumber;

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/**
 * Parses JSON as `JSON.parse` does, but for numbers that a double would change.
 *
 * @param text The JSON.
 * @returns The value; such a number is an {@linkcode ExactNumber}.
 * @throws {SyntaxError} When it is not JSON.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const text = '{"price":8.10,"id":9007199254740993,"count":2}';
 * assertEquals(JSON.stringify(parseExactJson(text)), text);
 * ```
 */
export function parseExactJson(text: string): unknown {
  // With a function that looks at each value, parsing takes four times as long.
  return hasChangingNumber(text) ? JSON.parse(text, keepText) : JSON.parse(text);
}

const QUOTE = 0x22;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;
/** `e` and `E` differ in this bit alone. */
const CASE_BIT = 0x20;
const EXPONENT = 0x65;

/**
 * Tells whether a text may hold a number that a double changes: what has 16 digits, ends with a zero
 * behind its point, has an exponent or is tiny, and minus zero. Others may be found with them; that
 * costs time alone. Nearly all of a document is texts, which the engine skips.
 *
 * @param json Valid JSON; of other texts it says anything.
 */
function hasChangingNumber(json: string): boolean {
  const { length } = json;
  for (let index = 0; index < length; index++) {
    const code = json.charCodeAt(index);
    if (code === QUOTE) {
      index = skipText(json, index) - 1;
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const start = index;
      let pointAt = -1;
      let last = code;
      for (index++; index < length; index++) {
        const next = json.charCodeAt(index);
        if ((next | CASE_BIT) === EXPONENT) return true;
        if (next === POINT) pointAt = index;
        else if (next < ZERO || next > NINE) break;
        last = next;
      }
      if (index - start >= LONG_NUMBER) return true;
      if (pointAt === -1 ? code === MINUS && json.charCodeAt(start + 1) === ZERO : last === ZERO) {
        return true;
      }
      if (json.startsWith(TINY, code === MINUS ? start + 1 : start)) return true;
      index--;
    }
  }
  return false;
}

/** With its point: a double keeps every number of fifteen digits. */
const LONG_NUMBER = 16;
/** JavaScript writes what begins so with an exponent. */
const TINY = "0.000000";

function keepText(_key: string, value: unknown, { source }: { readonly source?: string }): unknown {
  if (typeof value !== "number" || source === undefined) return value;
  return exactNumber(source, value);
}

function exactNumber(text: string, value: number): JsonNumber {
  const isKept = Math.abs(value) <= Number.MAX_SAFE_INTEGER && String(value) === text;
  return isKept ? value : JSON.rawJSON(text);
}

/** Whether a value is a number that keeps its text. */
export function isExactNumber(value: unknown): value is ExactNumber {
  return JSON.isRawJSON(value);
}

/** Whether a value is a number of a JSON text, with a text of its own or without. */
export function isJsonNumber(value: unknown): value is JsonNumber {
  return typeof value === "number" || isExactNumber(value);
}

/**
 * The text of a number, as it was sent.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const price = parseExactJson("1.50");
 * assertEquals(isJsonNumber(price) && textOfNumber(price), "1.50");
 * ```
 */
export function textOfNumber(value: JsonNumber): string {
  return typeof value === "number" ? String(value) : value.rawJSON;
}

/**
 * Reads text as a number that keeps it.
 *
 * @param text Any text.
 * @returns The number; `undefined` when JSON could not hold it so, as `+1`, `.5` or `1,5`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(JSON.stringify(["2.50", "2", "+2"].map(numberOfText)), "[2.50,2,null]");
 * ```
 */
export function numberOfText(text: string): JsonNumber | undefined {
  return JSON_NUMBER.test(text) ? exactNumber(text, Number(text)) : undefined;
}

/**
 * Copies a value with plain numbers, for what judges values and does not hand them on.
 *
 * @param value What `parseExactJson()` made.
 * @returns What `JSON.parse` would have made.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(withPlainNumbers(parseExactJson('{"a":[1.50]}')), { a: [1.5] });
 * ```
 */
export function withPlainNumbers(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isExactNumber(value)) return Number(value.rawJSON);
  if (Array.isArray(value)) return value.map(withPlainNumbers);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withPlainNumbers(member)]),
  );
}

/**
 * Whether a double holds the value of a number, however it is written: `8.10` is held as 8.1.
 *
 * @param text The number as JSON has it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const held = ["8.10", "1e3", "9007199254740993", "0.1234567890123456789"].map(isHeldByDouble);
 * assertEquals(held, [true, true, false, false]);
 * ```
 */
export function isHeldByDouble(text: string): boolean {
  return digitsOf(text) === digitsOf(String(Number(text)));
}

/** The digits that count and the power of ten of the last one; the text itself, if it is no number. */
function digitsOf(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(text) ?? [];
  if (whole === "") return text;
  const digits = whole + fraction;
  // No pattern finds the last zeros: with many zeros before a digit it would take time squared.
  let first = 0;
  while (digits[first] === "0") first++;
  if (first === digits.length) return "0";
  let end = digits.length;
  while (digits[end - 1] === "0") end--;
  const power = Number(exponent) - fraction.length + digits.length - end;
  return `${sign}${digits.slice(first, end)}e${power}`;
}

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
    while (json.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
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
