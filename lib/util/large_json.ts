/**
 * Large JSON, parsed piece by piece, so that others have their turn between two of them.
 *
 * What the engine parses of more than 100 kB, it puts among the old objects at once, and its text
 * too: those are freed only by going through all that the program has. So each order of a hundred
 * items or more cost such a look. Pieces are young, and so is what they are parsed to.
 */

import type { Steps } from "./waiting.ts";

const PIECE_BYTES = 48 * 1024;
/** So much is looked through between two times that work yields: it takes a quarter of a millisecond. */
const LOOK_BYTES = 256 * 1024;

const QUOTE = 0x22;
const COMMA = 0x2c;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** `[` and `{` differ in this bit alone, and so do `]` and `}`. */
const BRACE_BIT = 0x20;

/** What comes first is no part of JSON, wherever it stands but at the beginning. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf];

/** How JSON is parsed. */
export interface LargeJsonOptions {
  /** Parses a text as `JSON.parse` does, but for numbers. */
  readonly parse: (text: string) => unknown;
  /** How deep arrays and objects may nest. */
  readonly maxDepth: number;
  /** What is parsed in one go; less than the engine takes for large unless given. */
  readonly pieceBytes?: number;
}

/**
 * Parses JSON as if it were parsed in one go.
 *
 * @param bytes Valid UTF-8, with or without a byte order mark.
 * @param options How.
 * @returns The value.
 * @throws {SyntaxError} When it is not JSON.
 * @throws {RangeError} When it nests too deeply.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { atOnce } from "./waiting.ts";
 *
 * const numbers = Array.from({ length: 20_000 }, (_, index) => index);
 * const bytes = new TextEncoder().encode(JSON.stringify({ numbers }));
 * assertEquals(atOnce(parseLargeJson(bytes, { parse: JSON.parse, maxDepth: 2 })), { numbers });
 * ```
 */
export function* parseLargeJson(
  bytes: Uint8Array,
  { parse, maxDepth, pieceBytes = PIECE_BYTES }: LargeJsonOptions,
): Steps<unknown> {
  const hasMark = BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte);
  const text = hasMark ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;
  const { root, start, end, hasNumbers } = yield* findLarge(text, maxDepth, pieceBytes);
  const between = (from: number, to: number) => decoder.decode(text.subarray(from, to));
  if (root === undefined) return parse(between(0, text.length));
  const isAlone = isBlankBetween(text, 0, start) && isBlankBetween(text, end, text.length);
  if (!isAlone) throw notJson();
  return yield* parseContainer(root, {
    bytes: text,
    parse: hasNumbers ? parse : JSON.parse,
    between,
    pieceBytes,
  });
}

/** An array or object of more than a piece. */
interface Container {
  /** Where its brackets stand. */
  readonly start: number;
  readonly end: number;
  /** Where its own commas stand. */
  readonly commas: readonly number[];
  /** Those of its elements that are large, too. */
  readonly large: readonly Container[];
}

interface Found {
  /** The document, when it is a large array or object. */
  readonly root: Container | undefined;
  readonly start: number;
  readonly end: number;
  /** Whether there may be a number outside of texts: uStore has none. */
  readonly hasNumbers: boolean;
}

/** Finds by brackets, texts and commas alone what is large; what they say is judged by parsing. */
function* findLarge(bytes: Uint8Array, maxDepth: number, pieceBytes: number): Steps<Found> {
  const look: Look = {
    ...{ bytes, maxDepth, pieceBytes },
    ...{ starts: [0], commasBefore: [0], largeBefore: [0], commas: [], large: [] },
    ...{ index: 0, depth: 0, commaCount: 0, hasNumbers: false },
  };
  for (let to = LOOK_BYTES; lookOn(look, to); to += LOOK_BYTES) yield;
  const [root, another] = look.large;
  if (look.depth > 0 || another !== undefined) throw notJson();
  const { hasNumbers } = look;
  return { root, start: root?.start ?? 0, end: (root?.end ?? 0) + 1, hasNumbers };
}

/** How far a text was looked through. */
interface Look {
  readonly bytes: Uint8Array;
  readonly maxDepth: number;
  readonly pieceBytes: number;
  /** Where what is open begins, by its depth, and how many commas and large ones there were before. */
  readonly starts: number[];
  readonly commasBefore: number[];
  readonly largeBefore: number[];
  /** Never made shorter: what is behind the count is written over. */
  readonly commas: number[];
  readonly large: Container[];
  index: number;
  depth: number;
  commaCount: number;
  hasNumbers: boolean;
}

/** Goes on to there, or to the end of a text that goes further; tells whether there is more. */
function lookOn(look: Look, to: number): boolean {
  const { bytes, maxDepth, pieceBytes, starts, commasBefore, largeBefore, commas, large } = look;
  // What the loop changes is quicker as variables of its own.
  let { index, depth, commaCount, hasNumbers } = look;
  const { length } = bytes;
  const stop = Math.min(to, length);
  for (; index < stop; index++) {
    const byte = bytes[index] ?? 0;
    if (byte === QUOTE) {
      for (index++; index < length && bytes[index] !== QUOTE; index++) {
        if (bytes[index] === BACKSLASH) index++;
      }
    } else if (byte === COMMA) {
      commas[commaCount++] = index;
    } else if ((byte | BRACE_BIT) === OPEN_OBJECT) {
      if (++depth > maxDepth) throw new RangeError("Cannot parse: nested too deeply");
      starts[depth] = index;
      commasBefore[depth] = commaCount;
      largeBefore[depth] = large.length;
    } else if ((byte | BRACE_BIT) === CLOSE_OBJECT) {
      if (depth === 0) throw notJson();
      const [start = 0, firstComma = 0] = [starts[depth], commasBefore[depth]];
      if (index - start > pieceBytes) {
        const [own, within] = [
          commas.slice(firstComma, commaCount),
          large.splice(largeBefore[depth] ?? 0),
        ];
        large.push({ start, end: index, commas: own, large: within });
      }
      commaCount = firstComma;
      depth--;
    } else if (byte >= ZERO && byte <= NINE) {
      hasNumbers = true;
    }
  }
  Object.assign(look, { index, depth, commaCount, hasNumbers });
  return index < length;
}

/** What pieces are parsed with. */
interface Pieces extends Required<Pick<LargeJsonOptions, "parse" | "pieceBytes">> {
  readonly bytes: Uint8Array;
  readonly between: (from: number, to: number) => string;
}

/** Elements side by side that are parsed together, or one that is large. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly large: Container | undefined;
}

function* parseContainer(container: Container, pieces: Pieces): Steps<unknown> {
  const { bytes, between } = pieces;
  const { start, end, commas } = container;
  const isArray = bytes[start] === OPEN_ARRAY;
  if (bytes[end] !== (isArray ? CLOSE_ARRAY : CLOSE_OBJECT)) throw notJson();
  const elements: unknown[] = [];
  const members: [string, unknown][] = [];
  for (const run of runsOf(container, pieces.pieceBytes)) {
    yield;
    const { from, to, large } = run;
    if (large === undefined) {
      // What is empty all in all has no commas; else something is missing beside one.
      if (commas.length > 0 && isBlankBetween(bytes, from, to)) throw notJson();
      const value = parseRun(run, isArray, pieces);
      if (Array.isArray(value)) { for (const element of value) elements.push(element); }
      else for (const member of Object.entries(Object(value))) members.push(member);
      continue;
    }
    if (!isBlankBetween(bytes, large.end + 1, to)) throw notJson();
    const value = yield* parseContainer(large, pieces);
    if (!isArray) members.push([nameIn(between(from, large.start)), value]);
    else if (isBlankBetween(bytes, from, large.start)) elements.push(value);
    else throw notJson();
  }
  return isArray ? elements : Object.fromEntries(members);
}

/** Parses elements as an array or an object of their own. */
function parseRun({ from, to }: Run, isArray: boolean, { bytes, parse }: Pieces): unknown {
  // Put together as bytes: two texts that were joined are read more slowly than one.
  const run = new Uint8Array(to - from + 2);
  run.set(bytes.subarray(from, to), 1);
  run[0] = isArray ? OPEN_ARRAY : OPEN_OBJECT;
  run[run.length - 1] = isArray ? CLOSE_ARRAY : CLOSE_OBJECT;
  return parse(decoder.decode(run));
}

/** Elements side by side, together no more than a piece unless one is. */
function* runsOf(
  { start, end, commas, large }: Container,
  pieceBytes: number,
): Generator<Run> {
  let next = 0;
  let from = start + 1;
  let to = from;
  let isEmpty = true;
  for (let index = 0; index <= commas.length; index++) {
    const elementFrom = index === 0 ? start + 1 : (commas[index - 1] ?? 0) + 1;
    const elementTo = commas[index] ?? end;
    const one = large[next];
    const isLarge = one !== undefined && one.start < elementTo;
    if (!isEmpty && (isLarge || elementTo - from > pieceBytes)) {
      yield { from, to, large: undefined };
      isEmpty = true;
    }
    if (isLarge) {
      yield { from: elementFrom, to: elementTo, large: one };
      next++;
      continue;
    }
    if (isEmpty) from = elementFrom;
    to = elementTo;
    isEmpty = false;
  }
  if (!isEmpty) yield { from, to, large: undefined };
}

/** The name before a value, with its colon. */
function nameIn(text: string): string {
  // Nothing that may stand there grows together with it, as a number would with one.
  const [name, ...others] = Object.keys(Object(JSON.parse(`{${text}null}`)));
  // A value of its own before it, or no name at all, is no JSON.
  if (name === undefined || others.length > 0) throw notJson();
  return name;
}

/** Space, tab and the two ends of lines: the white space of JSON. */
const BLANKS: ReadonlySet<number | undefined> = new Set([0x20, 0x09, 0x0a, 0x0d]);

function isBlankBetween(bytes: Uint8Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) if (!BLANKS.has(bytes[index])) return false;
  return true;
}

function notJson(): SyntaxError {
  return new SyntaxError("Cannot parse: it is not JSON");
}
