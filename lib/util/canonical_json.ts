import { skipScalar, skipSpace, skipText } from "./json_slice.ts";

/** A text, and how far it was read. */
interface Cursor {
  readonly json: string;
  at: number;
}

/**
 * Writes JSON in one form for all of its spellings: without white space, keys sorted by their
 * UTF-16 code units, texts with no escape beyond what JSON asks for. Numbers keep their own text,
 * so that `1.0` and `1` stay two things and nothing is rounded.
 *
 * Keys are written straight from the sorted list: an object would list `"10"` after `"9"`.
 *
 * @param json Valid JSON of bounded depth. Of a name that stands twice the last counts.
 * @returns The canonical text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   canonicalJson('{ "9": 2.50, "10": "\\u00e9", "a": [ {"c": 1, "b": null} ] }'),
 *   '{"10":"é","9":2.50,"a":[{"b":null,"c":1}]}',
 * );
 * ```
 */
export function canonicalJson(json: string): string {
  return writeValue({ json, at: skipSpace(json, 0) });
}

/** Writes the value under the cursor, and moves to what follows it. */
function writeValue(cursor: Cursor): string {
  const { json, at } = cursor;
  const first = json[at];
  if (first === "{") return writeObject(cursor);
  if (first === "[") return writeArray(cursor);
  cursor.at = first === '"' ? skipText(json, at) : skipScalar(json, at);
  const text = json.slice(at, cursor.at);
  return first === '"' && text.includes("\\") ? JSON.stringify(JSON.parse(text)) : text;
}

// Both concatenate instead of joining: it copies nothing, so depth does not multiply the work.

function writeArray(cursor: Cursor): string {
  let text = "";
  step(cursor);
  while (!isAtEnd(cursor)) {
    text += (text === "" ? "" : ",") + writeValue(cursor);
    skipComma(cursor);
  }
  cursor.at++;
  return "[" + text + "]";
}

function writeObject(cursor: Cursor): string {
  const members = new Map<string, string>();
  step(cursor);
  while (!isAtEnd(cursor)) {
    const name = String(JSON.parse(writeValue(cursor)));
    cursor.at = skipSpace(cursor.json, cursor.at);
    step(cursor);
    members.set(name, writeValue(cursor));
    skipComma(cursor);
  }
  cursor.at++;
  let text = "";
  for (const [name, value] of [...members].sort(([a], [b]) => a < b ? -1 : 1)) {
    text += (text === "" ? "" : ",") + JSON.stringify(name) + ":" + value;
  }
  return "{" + text + "}";
}

/** Over a bracket, a colon or a comma. */
function step(cursor: Cursor): void {
  cursor.at = skipSpace(cursor.json, cursor.at + 1);
}

function skipComma(cursor: Cursor): void {
  cursor.at = skipSpace(cursor.json, cursor.at);
  if (cursor.json[cursor.at] === ",") step(cursor);
}

function isAtEnd({ json, at }: Cursor): boolean {
  return at >= json.length || json[at] === "]" || json[at] === "}";
}
