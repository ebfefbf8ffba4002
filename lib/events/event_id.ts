import { sliceMembers } from "./json_slice.ts";

/** Longer ones are no ids. */
const LONGEST_ID = 200;
const WHOLE_NUMBER = /^-?\d+$/;

/**
 * Reads an id of an object: text, or a whole number with all of its digits.
 *
 * @param object What `JSON.parse` made of the object.
 * @param name The member that is the id.
 * @param json The text of the object.
 * @returns The id; `""` when there is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const json = '{"id": 12345678901234567890}';
 * assertEquals(readEventId(JSON.parse(json), "id", json), "12345678901234567890");
 * ```
 */
export function readEventId(object: unknown, name: string, json: string): string {
  if (name === "" || typeof object !== "object" || object === null) return "";
  const id: unknown = Reflect.get(object, name);
  if (typeof id === "string") return id.length <= LONGEST_ID ? id.toWellFormed() : "";
  if (typeof id !== "number") return "";
  if (Number.isSafeInteger(id)) return String(id);
  // Of a name that stands twice the last one counts, as for `JSON.parse`.
  const text = sliceMembers(json)?.findLast((member) => member.name === name)?.text ?? "";
  return WHOLE_NUMBER.test(text) && text.length <= LONGEST_ID ? text : "";
}
