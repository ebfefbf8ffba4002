/**
 * Reads the leaves of a uStore document, the order XML turned into JSON, and tells in few words what
 * stands there instead of what should.
 *
 * Every scalar is a string, text beside attributes is `#text`, an empty element is `null`, `""` or
 * missing, and an element that can repeat is an array or, when single, an object.
 * Source: the vendor's pages on the order approval and manufacturer webhooks.
 */
import {
  isExactNumber,
  isJsonNumber,
  type JsonNumber,
  numberOfText,
  textOfNumber,
} from "../../lib/util/json_text.ts";
import { ShapeError, type Wanted } from "../../lib/rules/cel/evaluation.ts";

const NOTHING: Element = {};
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/** The text of an element with attributes: its `#text`, which is left out when it is empty. */
function scalarOf(value: unknown): unknown {
  if (!isElement(value)) return value;
  if (Object.hasOwn(value, "#text")) return value["#text"];
  const names = Object.keys(value);
  return names.length === 0 || names.some(isAttribute) ? undefined : value;
}

function isAttribute(name: string): boolean {
  return name.startsWith("@");
}

/**
 * Reads a text.
 *
 * @param value A string, number, boolean, an element with `#text`, or nothing.
 * @param path Where it stands.
 * @returns The text as it is; `""` when the element is empty.
 * @throws {ShapeError} When it is a list or an element with children, or a number that was not read
 * with its text and may have lost digits: another id than the one that was sent.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readText({ "@id": "6", "#text": "Void" }, "Order.Service"), "Void");
 * assertEquals(readText(null, "Order.User.Phone"), "");
 * ```
 */
export function readText(value: unknown, path: string): string {
  const scalar = scalarOf(value);
  if (isEmpty(scalar)) return "";
  if (typeof scalar === "string") return scalar;
  if (typeof scalar === "boolean") return String(scalar);
  if (isExactNumber(scalar)) return textOfNumber(scalar);
  if (typeof scalar === "number" && Math.abs(scalar) <= Number.MAX_SAFE_INTEGER) {
    return String(scalar);
  }
  throw misshapen(path, value, "text");
}

/**
 * Reads a decimal, when there is one.
 *
 * @param value A string such as `"1.20000"`, a number, an element with `#text`, or nothing.
 * @param path Where it stands.
 * @returns The number, `undefined` when the element is empty.
 * @throws {ShapeError} When something else stands there.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readDecimal("15.3705000000", "Order.Prices.Tax"), 15.3705);
 * assertEquals(readDecimal({ "@Percentage": "0.00000" }, "Order.Prices.Tax"), undefined);
 * ```
 */
export function readDecimal(value: unknown, path: string): number | undefined {
  const text = decimalText(value, path);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!isInRange(number, text)) throw misshapen(path, value, "number");
  // Minus zero is equal to zero, and prints as "-0".
  return number || 0;
}

/** The text of a decimal; `undefined` when the element is empty. */
function decimalText(value: unknown, path: string): string | undefined {
  const scalar = scalarOf(value);
  if (isEmpty(scalar)) return undefined;
  const text = typeof scalar === "string"
    ? scalar.trim()
    : isJsonNumber(scalar)
    ? textOfNumber(scalar)
    : "";
  if (DECIMAL.test(text)) return text;
  throw misshapen(path, value, "number");
}

/** Up to here a double holds every whole number; what would become 0 is none that it holds. */
function isInRange(number: number, text: string): boolean {
  if (number === 0) return !/^[^eE]*[1-9]/.test(text);
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER;
}

/**
 * Reads a decimal with its text, to hand it on.
 *
 * @param value As for {@linkcode readDecimal}.
 * @param path Where it stands.
 * @returns The number; `undefined` when the element is empty.
 * @throws {ShapeError} When something else stands there.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(JSON.stringify(readExactDecimal("2.50", "list.items[0].quantity")), "2.50");
 * ```
 */
export function readExactDecimal(value: unknown, path: string): JsonNumber | undefined {
  const text = decimalText(value, path);
  return text === undefined ? undefined : numberOfText(text) ?? Number(text);
}

/**
 * Reads a decimal that must be there.
 *
 * @throws {ShapeError} When it is missing or is not a number.
 */
export function needDecimal(value: unknown, path: string): number {
  const number = readDecimal(value, path);
  if (number === undefined) throw misshapen(path, value, "number");
  return number;
}

/**
 * Reads an element.
 *
 * @returns The element; one without children when it is empty.
 * @throws {ShapeError} When it is a list or a scalar with text.
 */
export function readElement(value: unknown, path: string): Element {
  if (isEmpty(value)) return NOTHING;
  if (isElement(value)) return value;
  throw misshapen(path, value, "object");
}

/** An element that can repeat, one of its kind, and where it stands. */
export interface Repeated {
  readonly element: Element;
  readonly path: string;
}

/**
 * Reads an element that can repeat: an array, a single object, or either below its own name, which
 * may stand around all of them or around each.
 *
 * @param value What stands at the place, e.g. the value of `OrderProducts`.
 * @param name The name of the repeated element, e.g. `OrderProduct`; it may be left out.
 * @param path Where `value` stands.
 * @returns The elements in order; empty ones are skipped.
 * @throws {ShapeError} When something else stands there.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const single = readMany({ Tax: { "@Name": "VAT" } }, "Tax", "Order.Prices.Taxes");
 * assertEquals(single, [{ element: { "@Name": "VAT" }, path: "Order.Prices.Taxes.Tax" }]);
 * ```
 */
export function readMany(value: unknown, name: string, path: string): readonly Repeated[] {
  if (isElement(value) && Object.hasOwn(value, name)) {
    return readEach(value[name], name, `${path}.${name}`);
  }
  const isBare = isElement(value) && !Object.hasOwn(value, "@id") &&
    Object.keys(value).every(isAttribute);
  return isBare ? [] : readEach(value, name, path);
}

/**
 * Reads what a document is about: an element that can repeat and must be there. Only a list without
 * anything in it says that there is none of it.
 *
 * @param value What stands at the place.
 * @param name The name of the repeated element.
 * @param path Where `value` stands.
 * @returns The elements in order.
 * @throws {ShapeError} When there is none, also where a list holds nothing but empty ones.
 */
export function needMany(value: unknown, name: string, path: string): readonly Repeated[] {
  const found = readMany(value, name, path);
  if (found.length > 0) return found;
  const isBelow = isElement(value) && Object.hasOwn(value, name);
  const list = isBelow ? value[name] : value;
  if (Array.isArray(list) && list.length === 0) return [];
  throw misshapen(isBelow ? `${path}.${name}` : path, list, "items");
}

function readEach(value: unknown, name: string, path: string): readonly Repeated[] {
  if (isEmpty(value)) return [];
  if (Array.isArray(value)) {
    const found: Repeated[] = [];
    for (const [index, item] of value.entries()) {
      const isWrapped = isWrapper(item, name);
      const place = `${path}[${index}]${isWrapped ? `.${name}` : ""}`;
      const one = isWrapped ? item[name] : item;
      if (isEmpty(one)) continue;
      if (!isElement(one)) throw misshapen(place, one, "object");
      found.push({ element: one, path: place });
    }
    return found;
  }
  if (!isElement(value)) throw misshapen(path, value, "list");
  return [{ element: value, path }];
}

/** Whether an element holds nothing but one of the repeated ones. */
function isWrapper(item: unknown, name: string): item is Element {
  return isElement(item) && Object.hasOwn(item, name) &&
    Object.keys(item).every((key) => key === name || isAttribute(key));
}

/** An element of the document: its children by name. */
export type Element = Readonly<Record<string, unknown>>;

const LONGEST_EXCERPT = 60;

/** Whether an element is empty: `null`, `""`, white space alone or missing. */
export function isEmpty(value: unknown): value is null | undefined | string {
  return value === undefined || value === null ||
    (typeof value === "string" && value.trim() === "");
}

/** Whether a value has children or attributes: a number that keeps its text has neither. */
export function isElement(value: unknown): value is Element {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !JSON.isRawJSON(value);
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
