/**
 * What rules do with text and lists, in time and memory that grow with them and no faster.
 *
 * Patterns are matched here alone: by RE2, as CEL says, so in time that grows with the text and
 * never beyond, whatever the pattern and whoever wrote it.
 * Source: https://github.com/google/re2/wiki/Syntax
 */
import { concat } from "@std/bytes/concat";
import { RE2JS } from "re2js";
import { messageOf } from "../../util/words.ts";

/**
 * Matches a text with a pattern of a rule or of a document.
 *
 * @param text The text.
 * @param source The pattern, in the syntax of RE2.
 * @param timeLimit Looked at before a match that may take milliseconds.
 * @returns Whether a part of the text fits.
 * @throws {SyntaxError} When the pattern can't be read.
 * @throws {RangeError} When it is too large, or the text too long for it.
 * @throws {OutOfTime} When there is no time left.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(matchesPattern("🎁", "^.$"), true);
 * assertEquals(matchesPattern("a".repeat(30) + "!", "^(a+)+$"), false);
 * ```
 */
export function matchesPattern(text: string, source: string, timeLimit?: ClockWatcher): boolean {
  return (written.get(source) ?? foundPattern(source)).fits(text, timeLimit);
}

/** Looks at the clock before what may take long, and throws when there is no time left. */
interface ClockWatcher {
  look(): void;
}

/** A pattern that can be matched. */
export interface Pattern {
  /**
   * Tells whether a part of the text fits.
   *
   * @throws {RangeError} When the text is too long for a pattern of this size.
   */
  fits(text: string, timeLimit?: ClockWatcher): boolean;
}

/**
 * Compiles a pattern that stands in a rule; once, however often it is asked for.
 *
 * @param source The pattern, in the syntax of RE2.
 * @throws {SyntaxError} When it can't be read; the message is what RE2 says.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(writtenPattern("^\\p{Hebrew}+$").fits("שלום"), true);
 * assertThrows(() => writtenPattern("(?=a)"), SyntaxError, "(?=");
 * ```
 */
export function writtenPattern(source: string): Pattern {
  let pattern = written.get(source);
  if (pattern === undefined) written.set(source, pattern = compile(source, MAX_WRITTEN_STEPS));
  return pattern;
}

/** The longest pattern that is taken from a document. */
const MAX_FOUND_LENGTH = 1000;

/** How large a pattern may become: one is compiled in some microseconds a step. */
const MAX_WRITTEN_STEPS = 100_000;
const MAX_FOUND_STEPS = 20_000;

/** How much work one match may be, in characters times steps: a quarter of a second at worst. */
const MAX_WORK = 20_000_000;

/** So much takes a few milliseconds at worst; beyond it the clock is looked at before. */
const LONG_WORK = 200_000;

/** A pattern of so few steps has as few states, so that it is quick whatever the text. */
const FEW_STEPS = 20;
const MAX_TEXT_OF_FEW_STEPS = 2_500_000;

/** How many patterns that were found in documents are kept: one may hold 20 MB of what it knows. */
const KEPT_FOUND = 8;

/** Those that rules hold: as many as were ever written. */
const written = new Map<string, Pattern>();

/** The newest ones of documents, in a ring: a `Map` whose entries come and go lives long. */
const found: { readonly source: string; readonly pattern: Pattern }[] = [];
let nextFound = 0;

function foundPattern(source: string): Pattern {
  const known = found.find((one) => one.source === source);
  if (known !== undefined) return known.pattern;
  if (source.length > MAX_FOUND_LENGTH) {
    throw new RangeError(
      `a pattern of ${source.length} characters, at most ${MAX_FOUND_LENGTH} are read`,
    );
  }
  if (stepsAtMost(source) > MAX_FOUND_STEPS) throw tooLarge();
  const pattern = compileFound(source);
  found[nextFound] = { source, pattern };
  nextFound = (nextFound + 1) % KEPT_FOUND;
  return pattern;
}

function compileFound(source: string): Pattern {
  try {
    return compile(source, MAX_FOUND_STEPS);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const shown = JSON.stringify(source.slice(0, 40));
    throw new SyntaxError(`cannot read the pattern ${shown}: ${error.message}`, { cause: error });
  }
}

/** Repetitions multiply; RE2 lets them come to a thousand. */
function stepsAtMost(source: string): number {
  let times = 1;
  for (const [, least = "1", most] of source.matchAll(/\{(\d+)(?:,(\d*))?\}/g)) {
    times = Math.min(1000, times * Math.max(1, Number(most || least)));
  }
  return source.length * times;
}

function tooLarge(): RangeError {
  return new RangeError("the pattern is too large");
}

function compile(source: string, maxSteps: number): Pattern {
  const pattern = parse(source);
  const steps = pattern.programSize();
  if (steps > maxSteps) throw tooLarge();
  const maxLength = steps <= FEW_STEPS ? MAX_TEXT_OF_FEW_STEPS : Math.floor(MAX_WORK / steps);
  return {
    fits(text, timeLimit) {
      if (text.length > maxLength) {
        throw new RangeError(`a text of ${text.length} characters is too long for the pattern`);
      }
      if (text.length * steps > LONG_WORK) timeLimit?.look();
      return pattern.test(text);
    },
  };
}

function parse(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    const said = messageOf(error);
    const reason = said.replace(/^error parsing regexp: /, "").replace(/`(.*)`$/s, '"$1"');
    throw new SyntaxError(reason, { cause: error });
  }
}

/** The longest text that a rule makes. */
const MAX_TEXT = 10_000_000;

/** The longest list that a rule makes. */
const MAX_ELEMENTS = 1_000_000;

/** Up to here the runtime's own search is quick, though it takes the product of both lengths. */
const MAX_PRODUCT = 10_000_000;

/**
 * Joins two texts.
 *
 * @throws {RangeError} When the result would be too long.
 */
export function addTexts(a: string, b: string): string {
  if (a.length + b.length > MAX_TEXT) throw tooLong();
  return a + b;
}

/**
 * Joins two lists.
 *
 * @throws {RangeError} When the result would be too long.
 */
export function addLists(a: readonly unknown[], b: readonly unknown[]): readonly unknown[] {
  if (a.length + b.length > MAX_ELEMENTS) throw new RangeError("the list becomes too long");
  return [...a, ...b];
}

/**
 * Joins two runs of bytes.
 *
 * @throws {RangeError} When the result would be too long.
 */
export function addBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length + b.length > MAX_TEXT) throw tooLong();
  return concat([a, b]);
}

/**
 * Joins the texts of a list.
 *
 * @throws {RangeError} When the result would be too long.
 */
export function joinTexts(texts: readonly string[], separator = ""): string {
  let length = Math.max(0, texts.length - 1) * separator.length;
  for (const text of texts) length += text.length;
  if (length > MAX_TEXT) throw tooLong();
  return texts.join(separator);
}

function tooLong(): RangeError {
  return new RangeError("the text becomes too long");
}

/**
 * Finds a part of a text. The runtime takes 14 seconds for one of 100,000 letters in a million.
 *
 * @param text Where to look.
 * @param part What to look for.
 * @param from Where to begin.
 * @returns Where it begins; -1 when it isn't there.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(indexOfText("a rush order", "rush"), 2);
 * ```
 */
export function indexOfText(text: string, part: string, from = 0): number {
  if (text.length * part.length <= MAX_PRODUCT) return text.indexOf(part, from);
  return searchLinear(text, part, from, "first", text.length);
}

/** The same from the end, or from where it may begin at most. */
export function lastIndexOfText(text: string, part: string, atMost = Infinity): number {
  if (text.length * part.length <= MAX_PRODUCT) return text.lastIndexOf(part, atMost);
  return searchLinear(text, part, 0, "last", atMost);
}

/** Whether a text holds a part. */
export function containsText(text: string, part: string): boolean {
  return indexOfText(text, part) !== -1;
}

/**
 * Cuts a text at each separator.
 *
 * @throws {RangeError} When there would be too many parts.
 */
export function splitText(text: string, separator: string): readonly string[] {
  if (text.length * separator.length <= MAX_PRODUCT && text.length <= MAX_ELEMENTS) {
    return text.split(separator);
  }
  const parts: string[] = [];
  if (separator === "") throw new RangeError("the list becomes too long");
  let start = 0;
  for (;;) {
    const end = indexOfText(text, separator, start);
    if (parts.length >= MAX_ELEMENTS) throw new RangeError("the list becomes too long");
    parts.push(text.slice(start, end === -1 ? text.length : end));
    if (end === -1) return parts;
    start = end + separator.length;
  }
}

/** The search of Knuth, Morris and Pratt. */
function searchLinear(
  text: string,
  part: string,
  from: number,
  which: "first" | "last",
  atMost: number,
): number {
  if (part.length > text.length - from) return -1;
  const borders = bordersOf(part);
  let found = -1;
  let matched = 0;
  for (let index = from; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    while (matched > 0 && part.charCodeAt(matched) !== unit) matched = borders[matched - 1] ?? 0;
    if (part.charCodeAt(matched) === unit) matched++;
    if (matched < part.length) continue;
    const start = index - matched + 1;
    if (start > atMost) break;
    found = start;
    if (which === "first") break;
    matched = borders[matched - 1] ?? 0;
  }
  return found;
}

/** For each beginning of the part: how much of it is its own end, too. */
function bordersOf(part: string): Int32Array {
  const borders = new Int32Array(part.length);
  let length = 0;
  for (let index = 1; index < part.length; index++) {
    const unit = part.charCodeAt(index);
    while (length > 0 && part.charCodeAt(length) !== unit) length = borders[length - 1] ?? 0;
    if (part.charCodeAt(length) === unit) length++;
    borders[index] = length;
  }
  return borders;
}
