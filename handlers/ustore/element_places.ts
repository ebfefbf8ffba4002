/** What stands at a place of a uStore document, and what is put there instead. */
import { type FieldPath, parseFieldPath } from "../../lib/trials/rule_tests/change_document.ts";
import {
  isExactNumber,
  isJsonNumber,
  numberOfText,
  textOfNumber,
} from "../../lib/util/json_text.ts";
import { type Element, isElement } from "./elements.ts";

/**
 * Puts an element behind another one of its kind, which may stand alone so far.
 *
 * @param owner The element in which both are.
 * @param place Where the other one stands, e.g. `OrderProducts.OrderProduct[0]`.
 * @param element What comes behind it.
 * @param where Whether behind all of them, or next to the other one.
 */
export function insertElement(
  owner: Element,
  place: string,
  element: object,
  where: "last" | "next",
): void {
  const path = parseFieldPath(place) ?? [];
  const [last, before] = [path.at(-1), path.at(-2)];
  const insert = (list: unknown, index: number, one: object) => {
    if (Array.isArray(list)) list.splice(where === "last" ? list.length : index + 1, 0, one);
  };
  if (typeof last === "number") insert(stepsIn(owner, path.slice(0, -1)), last, element);
  else if (typeof before === "number" && typeof last === "string") {
    // Each has an element of its own around it.
    insert(stepsIn(owner, path.slice(0, -2)), before, { [last]: element });
  } else {
    const holder = stepsIn(owner, path.slice(0, -1));
    if (isElement(holder)) Reflect.set(holder, String(last), [stepsIn(owner, path), element]);
  }
}

/**
 * The text of what a document may hold where text is wanted.
 *
 * @param value A text, a number, a boolean, or `null` for none.
 * @returns The text; `undefined` where it is something else.
 */
export function textOfScalar(value: unknown): string | undefined {
  if (value === null) return "";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  return isJsonNumber(value) ? textOfNumber(value) : undefined;
}

/**
 * Puts a text at a place, as one is written there: beside attributes, or as a number where one is.
 *
 * @param owner The element below which it stands.
 * @param place Where, e.g. `Prices.Tax`.
 * @param text The text.
 */
export function setTextAt(owner: Element, place: string, text: string): void {
  const before = valueAtPlace(owner, place);
  if (isElement(before)) Reflect.set(before, "#text", text);
  else if (typeof before === "number" || isExactNumber(before)) {
    setAtPlace(owner, place, numberOfText(text) ?? text);
  } else setAtPlace(owner, place, text);
}

/** What stands at a place below an element; `undefined` where nothing does. */
export function valueAtPlace(owner: Element, place: string): unknown {
  return stepsIn(owner, parseFieldPath(place) ?? []);
}

function stepsIn(owner: unknown, path: FieldPath): unknown {
  let here = owner;
  for (const step of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return undefined;
    here = Reflect.get(here, step);
  }
  return here;
}

/** Puts something at a place below an element; what is missing on the way is made. */
export function setAtPlace(owner: Element, place: string, value: unknown): void {
  const path = parseFieldPath(place) ?? [];
  let here: object = owner;
  for (const step of path.slice(0, -1)) {
    const below: unknown = Reflect.get(here, step);
    const next = typeof below === "object" && below !== null ? below : {};
    if (next !== below) Reflect.set(here, step, next);
    here = next;
  }
  Reflect.set(here, path.at(-1) ?? "", value);
}
