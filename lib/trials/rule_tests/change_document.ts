/** Changes of a document that a test names by the words of its rules, or by where they stand. */
import { isObject } from "../../config/mistake.ts";
import { isExactNumber } from "../../util/json_text.ts";
import { nearest } from "../../util/words.ts";

/** Why a document cannot be changed so: what was found, and what to write. */
export interface ChangeTrouble {
  readonly message: string;
  readonly hint?: string;
}

/** Where something stands in a document: names, and places in lists from 0. */
export type FieldPath = readonly (string | number)[];

/**
 * Changes a document in place.
 *
 * @param document The parsed JSON; nobody else has it.
 * @param path What is changed, e.g. `["order", "items", 0, "quantity"]`.
 * @param value What shall stand there, with the text of its numbers; `null` for nothing.
 * @returns Why it cannot be; `undefined` when it was changed.
 */
export type ChangeDocument = (
  document: unknown,
  path: FieldPath,
  value: unknown,
) => ChangeTrouble | undefined;

const STEP = /\.?([\p{L}_$@#][\p{L}\p{N}_$@#:-]*)|\[(\d{1,9})\]|\[(?:'([^']*)'|"([^"]*)")\]/uy;

/**
 * Reads what names a field.
 *
 * @param text E.g. `order.items[0].properties['Paper']`.
 * @returns The path; `undefined` when it is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseFieldPath("order.items[0].properties['Paper type']"), [
 *   "order", "items", 0, "properties", "Paper type",
 * ]);
 * assertEquals([parseFieldPath("order..total"), parseFieldPath("")], [undefined, undefined]);
 * ```
 */
export function parseFieldPath(text: string): FieldPath | undefined {
  const path: (string | number)[] = [];
  STEP.lastIndex = 0;
  let end = 0;
  while (end < text.length) {
    const isFirst = end === 0;
    const found = STEP.exec(text);
    if (found === null) return undefined;
    const [whole, name, index, single, double] = found;
    // A name follows a point, but for the first.
    if (name !== undefined && whole.startsWith(".") === isFirst) return undefined;
    path.push(index === undefined ? name ?? single ?? double ?? "" : Number(index));
    end = STEP.lastIndex;
  }
  return path.length === 0 ? undefined : path;
}

/** More elements are not made: a slip of the finger would fill the memory. */
export const MOST_ELEMENTS = 1000;

/**
 * Changes a document by where its parts stand in it, as its sender names them.
 *
 * @param document The parsed JSON.
 * @param path Where.
 * @param value What shall stand there; `null` takes the field away.
 * @returns Why it cannot be.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const document = { items: [{ sku: "A" }] };
 * assertEquals(changeByPlace(document, ["items", 0, "sku"], "B"), undefined);
 * assertEquals(document, { items: [{ sku: "B" }] });
 * ```
 */
export function changeByPlace(
  document: unknown,
  path: FieldPath,
  value: unknown,
): ChangeTrouble | undefined {
  let here = document;
  for (const [depth, step] of path.entries()) {
    const isLast = depth === path.length - 1;
    const trouble = Array.isArray(here) ? troubleInList(here, step) : troubleInObject(here, step);
    if (trouble !== undefined) return trouble;
    if (typeof here !== "object" || here === null) return undefined;
    const key = String(step);
    if (isLast && value === null && !Array.isArray(here)) Reflect.deleteProperty(here, key);
    else if (isLast) setOwn(here, key, copyDocument(value));
    else {
      if (!Object.hasOwn(here, key) || Reflect.get(here, key) === null) {
        setOwn(here, key, typeof path[depth + 1] === "number" ? [] : {});
      }
      here = Reflect.get(here, key);
    }
  }
  return undefined;
}

function troubleInList(list: readonly unknown[], step: string | number): ChangeTrouble | undefined {
  const index = Number(step);
  if (!Number.isInteger(index) || index < 0) {
    return { message: `found a list where ${JSON.stringify(step)} is wanted of it`, hint: FIRST };
  }
  if (index <= list.length && index < MOST_ELEMENTS) return undefined;
  return { message: `found a list with ${list.length} elements, wanted one at ${index}` };
}

const FIRST = "Name an element of a list by its place, from 0: [0] or items[0]";

function troubleInObject(here: unknown, step: string | number): ChangeTrouble | undefined {
  if (!isObject(here) || isExactNumber(here)) {
    return { message: `found no object that could have ${JSON.stringify(step)}` };
  }
  if (typeof step === "string") return undefined;
  const near = nearest(String(step), Object.keys(here));
  return {
    message: `found an object where [${step}] is wanted of a list`,
    ...(near !== undefined && { hint: `It has ${JSON.stringify(near)}` }),
  };
}

/** Whatever the name is, it is a field of the object itself: `__proto__` too. */
function setOwn(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/**
 * Copies a parsed document, so that it can be changed; numbers keep their text.
 *
 * @param value The document.
 *
 * @example
 * ```ts
 * import { assertEquals, assertNotEquals } from "@std/assert";
 *
 * const document = { a: [{ b: 1 }] };
 * const copy = copyDocument(document);
 * assertEquals([JSON.stringify(copy), copy === document], [JSON.stringify(document), false]);
 * ```
 */
export function copyDocument(value: unknown): unknown {
  if (typeof value !== "object" || value === null || isExactNumber(value)) return value;
  if (Array.isArray(value)) return value.map(copyDocument);
  const copy = {};
  for (const [name, member] of Object.entries(value)) setOwn(copy, name, copyDocument(member));
  return copy;
}
