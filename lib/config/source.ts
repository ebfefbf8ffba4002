/** The file of a config: what its bytes say, and where each setting stands in it. */
import * as jsonc from "jsonc-parser";
import { isHeldByDouble, numberOfText } from "../util/json_text.ts";
import type { ConfigPath, LocatedMistake, TextPosition } from "./mistake.ts";
import { describeSyntaxError } from "./messages/syntax.ts";

/** A config's text, read: what it says and where it says it. */
export interface ConfigSource {
  /** What was read, as far as it could be; `undefined` when nothing could. */
  readonly value: unknown;
  /** Syntax errors, and keys that stand twice or that none may be called. */
  readonly mistakes: readonly LocatedMistake[];
  /** Numbers that are not read as they are written. */
  readonly warnings: readonly LocatedMistake[];
  /** Whether {@linkcode ConfigSource.value} can be judged in spite of the mistakes. */
  readonly sound: boolean;
  /**
   * Finds a place in the text.
   *
   * @param path Where, from the root.
   * @returns The start of the key or the list item; of what holds it, when it is missing.
   */
  position(path: ConfigPath): TextPosition;
  /**
   * Reads a part with the text of its numbers.
   *
   * @param path Where it stands, from the root.
   * @returns What stands there; `undefined` when nothing does.
   */
  exact(path: ConfigPath): unknown;
}

/**
 * Reads JSON with comments and trailing commas.
 *
 * @param text The config's text, without a byte order mark.
 * @returns What it says, with all mistakes of its writing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const source = readSource('{\n  // the port\n  "server": { "port": 80, },\n}');
 * assertEquals(source.value, { server: { port: 80 } });
 * assertEquals(source.position(["server", "port"]), { line: 3, column: 15 });
 * ```
 */
export function readSource(text: string): ConfigSource {
  const tooDeep = offsetTooDeep(text);
  if (tooDeep !== undefined) {
    const at = positionFinder(text);
    const position = at(tooDeep);
    const message = `nests too deeply, wanted at most ${MAX_DEPTH} objects and lists in each other`;
    const start = at(0);
    return {
      value: undefined,
      mistakes: [{ path: [], position, message }],
      warnings: [],
      sound: false,
      position: () => start,
      exact: () => undefined,
    };
  }
  const errors: jsonc.ParseError[] = [];
  const root = jsonc.parseTree(text, errors, { allowTrailingComma: true });
  const at = positionFinder(text);
  const sound = root !== undefined &&
    errors.every((error) => HARMLESS.has(jsonc.printParseErrorCode(error.error)));
  const value: unknown = root === undefined ? undefined : jsonc.getNodeValue(root);
  return {
    value,
    mistakes: [
      ...syntaxMistakes(errors, text, at),
      // Without a bracket in between, keys of two objects look like those of one.
      ...(root === undefined || !sound ? [] : keyMistakes(root, at)),
    ],
    warnings: root === undefined ? [] : changedNumbers(root, text, at),
    sound,
    position: (path) => at(root === undefined ? 0 : offsetOf(root, path)),
    exact(path) {
      let node = root;
      for (const segment of path) {
        const child = node === undefined ? undefined : childOf(node, segment);
        node = child?.type === "property" ? child.children?.[1] : child;
      }
      return node === undefined ? undefined : exactValue(node, text);
    },
  };
}

/** No config needs as much; whoever walks a config recursively would overflow the stack. */
const MAX_DEPTH = 100;

/** Where brackets nest too deeply, `undefined` when they don't: the parser would overflow there. */
function offsetTooDeep(text: string): number | undefined {
  const scanner = jsonc.createScanner(text, true);
  let depth = 0;
  while (scanner.getPosition() < text.length) {
    scanner.scan();
    if (scanner.getTokenLength() !== 1) continue;
    const offset = scanner.getTokenOffset();
    const sign = text.charAt(offset);
    if ((sign === "{" || sign === "[") && ++depth > MAX_DEPTH) return offset;
    if (sign === "}" || sign === "]") depth--;
  }
  return undefined;
}

/** After these the parser still knows what belongs to what. */
const HARMLESS: ReadonlySet<string> = new Set([
  "CommaExpected",
  "InvalidEscapeCharacter",
  "InvalidUnicode",
  "InvalidCharacter",
]);

/** After these nothing is known of what follows: it was taken for a part of the text. */
const BLINDING: ReadonlySet<string> = new Set(["UnexpectedEndOfString", "UnexpectedEndOfComment"]);

/**
 * One slip makes the parser complain several times: the first complaint of a line is the slip, what
 * stands right behind it belongs to it, and of what misses an end it is the only one.
 */
function syntaxMistakes(
  errors: readonly jsonc.ParseError[],
  text: string,
  at: (offset: number) => TextPosition,
): readonly LocatedMistake[] {
  const byLine = new Map<number, LocatedMistake>();
  let end: number | undefined;
  for (const error of errors) {
    const position = at(error.offset);
    const follows = end !== undefined && text.slice(end, error.offset).trim() === "";
    end = error.offset + error.length;
    if (byLine.has(position.line) || follows) continue;
    byLine.set(position.line, { path: [], position, ...describeSyntaxError(error, text) });
    if (BLINDING.has(jsonc.printParseErrorCode(error.error))) break;
  }
  return [...byLine.values()];
}

/** What JavaScript means something else by than a name: what stands below it would be nowhere. */
const NO_NAME = "__proto__";

/** Keys that stand twice, or that none may be called. */
function keyMistakes(
  node: jsonc.Node,
  at: (offset: number) => TextPosition,
  path: ConfigPath = [],
): readonly LocatedMistake[] {
  if (node.type === "array") {
    return (node.children ?? []).flatMap((item, index) => keyMistakes(item, at, [...path, index]));
  }
  if (node.type !== "object") return [];
  const first = new Map<string, number>();
  return (node.children ?? []).flatMap((property) => {
    const [name, value] = property.children ?? [];
    const key = String(name?.value);
    const before = first.get(key);
    first.set(key, before ?? property.offset);
    const below = value === undefined ? [] : keyMistakes(value, at, [...path, key]);
    if (key === NO_NAME) {
      const message = `found the name ${JSON.stringify(key)}, wanted another one`;
      return [{ path: [...path, key], position: at(property.offset), message }, ...below];
    }
    if (before === undefined) return below;
    return [{
      path: [...path, key],
      position: at(property.offset),
      message: `found ${JSON.stringify(key)} a second time, wanted each key once`,
      hint: `The first one is in line ${at(before).line}`,
    }, ...below];
  });
}

/** What has more digits than a double holds would be another number without a word. */
function changedNumbers(
  node: jsonc.Node,
  text: string,
  at: (offset: number) => TextPosition,
  path: ConfigPath = [],
): readonly LocatedMistake[] {
  const { type, offset, length, children = [] } = node;
  if (type === "array") {
    return children.flatMap((item, index) => changedNumbers(item, text, at, [...path, index]));
  }
  if (type === "object") {
    return children.flatMap(({ children: [name, value] = [] }) =>
      value === undefined ? [] : changedNumbers(value, text, at, [...path, String(name?.value)])
    );
  }
  const found = text.slice(offset, offset + length);
  if (type !== "number" || isHeldByDouble(found)) return [];
  // Where a key is wanted the digits could be one, so they are not shown.
  const message = "found a number of which the last digits are lost, wanted at most 15 digits";
  const hint = "Where text is wanted, write it between double quotes";
  return [{ path, position: at(offset), message, hint }];
}

function offsetOf(root: jsonc.Node, path: ConfigPath): number {
  let value = root;
  let offset = root.offset;
  for (const segment of path) {
    const child = childOf(value, segment);
    if (child === undefined) break;
    offset = child.offset;
    const inside = child.type === "property" ? child.children?.[1] : child;
    if (inside === undefined) break;
    value = inside;
  }
  return offset;
}

/** Of a key that stands twice, the last one counts. */
function childOf(node: jsonc.Node, segment: string | number): jsonc.Node | undefined {
  if (node.type === "array" && typeof segment === "number") return node.children?.[segment];
  if (node.type !== "object") return undefined;
  return node.children?.findLast((property) => property.children?.[0]?.value === segment);
}

/** A file with thousands of mistakes is not walked for each of them. */
function positionFinder(text: string): (offset: number) => TextPosition {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), (end) => end.index + end[0].length)];
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

/** As the parser makes it, but that numbers keep their text, and that each key is one of its own. */
function exactValue(node: jsonc.Node, text: string): unknown {
  const { type, offset, length, children = [] } = node;
  if (type === "array") return children.map((item) => exactValue(item, text));
  if (type === "object") {
    const entries = children.map(({ children: [name, value] = [] }) =>
      [String(name?.value), value === undefined ? null : exactValue(value, text)] as const
    );
    return Object.fromEntries(entries);
  }
  return type === "number"
    ? numberOfText(text.slice(offset, offset + length)) ?? node.value
    : node.value;
}

/**
 * Decodes the bytes of a text file the way editors write them: UTF-8, with a byte order mark or
 * without, and the UTF-16 that Notepad offers as "Unicode".
 *
 * @param bytes The file's bytes.
 * @returns The text without a byte order mark.
 * @throws {TypeError} When the bytes are no text in these encodings.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(decodeText(new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d])), "{}");
 * assertEquals(decodeText(new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00])), "{}");
 * ```
 */
export function decodeText(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new TypeError(`Cannot decode the bytes as ${encoding.toUpperCase()}`);
  }
}

/** JSON starts with an ASCII character, so that a zero byte beside it tells of UTF-16. */
function encodingOf([first, second]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (second === 0 && first !== 0) return "utf-16le";
  if (first === 0 && second !== undefined && second !== 0) return "utf-16be";
  return "utf-8";
}
