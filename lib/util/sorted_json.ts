/**
 * JSON in one form for all of its spellings: without white space, keys sorted by their UTF-16 code
 * units, texts with no escape beyond what JSON asks for.
 *
 * The text itself is read, since a parser loses the numbers' own text, lists keys like `"10"` and
 * `"9"` by their value, and hides that a key stood twice.
 */

/** Deepest nesting that is written anew: real documents stay below 20. */
const MAX_DEPTH = 256;

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** Up to here are JSON's white space and what no JSON has outside of texts. */
const SPACE = 0x20;
/** From here on are `true`, `false` and `null`, and no number. */
const SMALL_A = 0x61;

/** Where in a JSON text the reading stands, and how strict it is. */
interface Cursor {
  readonly json: string;
  index: number;
  readonly maxDepth: number;
  /** Of a key that stands twice the last counts; else it is refused. */
  readonly lastCounts: boolean;
}

/**
 * JSON that was read: a text, a number, `true`, `false` or `null` as it is written, a list, or an
 * object with its keys in order.
 */
export type JsonNode = string | readonly JsonNode[] | SortedObject;

interface SortedObject {
  readonly members: readonly Member[];
}

interface Member {
  readonly key: string;
  /** The key as it is written, with its quotes. */
  readonly name: string;
  readonly value: JsonNode;
}

/**
 * Writes JSON in one form for all of its spellings. Numbers keep their own text, so that `1.0` and
 * `1` stay two things and nothing is rounded.
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
  const node = readValue({ json, index: 0, maxDepth: Infinity, lastCounts: true }, 0);
  return writeNode(node, (text) => text);
}

/**
 * Reads JSON, with the keys of every object sorted by their UTF-16 code units.
 *
 * @param json The text.
 * @returns What stands there, to be written by {@linkcode writeNode}.
 * @throws {SyntaxError} When it is not JSON, or a key stands twice in one object: signers write what
 * they parsed, so that was put together to be read in two ways.
 * @throws {RangeError} When it is nested deeper than 256.
 */
export function readSorted(json: string): JsonNode {
  // The platform's parser is fast and judges; what follows may thus rely on valid JSON.
  JSON.parse(json);
  return readValue({ json, index: 0, maxDepth: MAX_DEPTH, lastCounts: false }, 0);
}

/**
 * Writes what {@linkcode readSorted} read.
 *
 * @param node What was read.
 * @param writeNumber Writes a number, given its own text.
 * @returns The text, without white space; texts and keys as `JSON.stringify` writes them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const node = readSorted('{ "b": [2.0, "\\u00e9"], "9": 1, "10": null }');
 * assertEquals(writeNode(node, (text) => text), '{"10":null,"9":1,"b":[2.0,"é"]}');
 * ```
 */
export function writeNode(node: JsonNode, writeNumber: (text: string) => string): string {
  // Joined once at the end: what is put together bit by bit is copied for each level.
  const pieces: string[] = [];
  pushNode(node, writeNumber, pieces);
  return pieces.join("");
}

function pushNode(
  node: JsonNode,
  writeNumber: (text: string) => string,
  pieces: string[],
): void {
  if (typeof node === "string") {
    const first = node.charCodeAt(0);
    pieces.push(first === QUOTE || first >= SMALL_A ? node : writeNumber(node));
  } else if ("members" in node) {
    pieces.push("{");
    let before = "";
    for (const { name, value } of node.members) {
      pieces.push(`${before}${name}:`);
      before = ",";
      pushNode(value, writeNumber, pieces);
    }
    pieces.push("}");
  } else {
    pieces.push("[");
    let isFirst = true;
    for (const value of node) {
      if (!isFirst) pieces.push(",");
      isFirst = false;
      pushNode(value, writeNumber, pieces);
    }
    pieces.push("]");
  }
}

function readValue(cursor: Cursor, depth: number): JsonNode {
  const first = nextCode(cursor);
  if (depth === cursor.maxDepth && (first === OPEN_OBJECT || first === OPEN_ARRAY)) {
    throw new RangeError(`Cannot sort JSON nested deeper than ${MAX_DEPTH}`);
  }
  if (first === OPEN_OBJECT) return readObject(cursor, depth);
  if (first === OPEN_ARRAY) return readArray(cursor, depth);
  return first === QUOTE ? readText(cursor) : readScalar(cursor);
}

function readArray(cursor: Cursor, depth: number): readonly JsonNode[] {
  const values: JsonNode[] = [];
  while (enterNext(cursor, CLOSE_ARRAY)) values.push(readValue(cursor, depth + 1));
  return values;
}

function readObject(cursor: Cursor, depth: number): SortedObject {
  const members: Member[] = [];
  while (enterNext(cursor, CLOSE_OBJECT)) {
    const name = readText(cursor);
    const key = name.includes("\\") ? String(JSON.parse(name)) : name.slice(1, -1);
    nextCode(cursor);
    cursor.index++; // The colon.
    members.push({ key, name, value: readValue(cursor, depth + 1) });
  }
  return { members: members.length > 1 ? inOrder(members, cursor.lastCounts) : members };
}

function inOrder(members: Member[], lastCounts: boolean): readonly Member[] {
  members.sort((a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
  const isFollowed = ({ key }: Member, index: number) => members[index + 1]?.key === key;
  if (!members.some(isFollowed)) return members;
  if (!lastCounts) throw new SyntaxError("Cannot sort JSON: a key stands twice");
  return members.filter((member, index) => !isFollowed(member, index));
}

/**
 * Steps over the opening bracket or the comma, to the next member or element.
 *
 * @returns Whether there is one; if not, the closing bracket is behind.
 */
function enterNext(cursor: Cursor, close: number): boolean {
  if (nextCode(cursor) !== close) {
    cursor.index++;
    nextCode(cursor);
  }
  if (cursor.json.charCodeAt(cursor.index) !== close) return true;
  cursor.index++;
  return false;
}

/** Steps over white space, and tells what stands there. */
function nextCode(cursor: Cursor): number {
  while (cursor.json.charCodeAt(cursor.index) <= SPACE) cursor.index++;
  return cursor.json.charCodeAt(cursor.index);
}

function readScalar(cursor: Cursor): string {
  const { json, index: start } = cursor;
  let end = start;
  while (end < json.length && !endsScalar(json.charCodeAt(end))) end++;
  cursor.index = end;
  return json.slice(start, end);
}

function endsScalar(code: number): boolean {
  return code === COMMA || code === CLOSE_ARRAY || code === CLOSE_OBJECT || code <= SPACE;
}

/** Reads a text with its quotes, escaped as `JSON.stringify` does. */
function readText(cursor: Cursor): string {
  const { json, index: start } = cursor;
  let end = json.indexOf('"', start + 1);
  while (isEscaped(json, end)) end = json.indexOf('"', end + 1);
  cursor.index = end + 1;
  const text = json.slice(start, end + 1);
  return text.includes("\\") ? JSON.stringify(JSON.parse(text)) : text;
}

function isEscaped(json: string, quote: number): boolean {
  let backslashes = 0;
  while (json[quote - 1 - backslashes] === "\\") backslashes++;
  return backslashes % 2 === 1;
}
