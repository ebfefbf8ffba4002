/**
 * The one place where patterns of rules are evaluated: by RE2, as CEL says, so in time that grows
 * with the text and never beyond, whatever the pattern and whoever wrote it.
 * Source: https://github.com/google/re2/wiki/Syntax
 */
import { RE2JS } from "re2js";

/** The longest pattern that is taken from a document. */
const MAX_FOUND_LENGTH = 1000;

/** How large a pattern may become: one is compiled in some microseconds a step. */
const MAX_WRITTEN_STEPS = 100_000;
const MAX_FOUND_STEPS = 20_000;

/** How much work one match may be, in characters times steps: a quarter of a second at worst. */
const MAX_WORK = 40_000_000;

/** A pattern of a step or two is no quicker than one of so many. */
const FEWEST_STEPS = 16;

/** How many patterns that were found in documents are kept: one may hold 20 MB of what it knows. */
const KEPT_FOUND = 8;

/** A pattern that can be matched. */
export interface Pattern {
  /**
   * Tells whether a part of the text fits.
   *
   * @throws {RangeError} When the text is too long for a pattern of this size.
   */
  fits(text: string): boolean;
}

/** Those that rules hold: as many as were ever written. */
const written = new Map<string, Pattern>();

/** The newest ones of documents, in a ring: a `Map` whose entries come and go lives long. */
const found: { readonly source: string; readonly pattern: Pattern }[] = [];
let nextFound = 0;

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

/**
 * Matches a text with a pattern of a rule or of a document.
 *
 * @param text The text.
 * @param source The pattern, in the syntax of RE2.
 * @returns Whether a part of the text fits.
 * @throws {SyntaxError} When the pattern can't be read.
 * @throws {RangeError} When it is too large, or the text too long for it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(matchesPattern("🎁", "^.$"), true);
 * assertEquals(matchesPattern("a".repeat(30) + "!", "^(a+)+$"), false);
 * ```
 */
export function matchesPattern(text: string, source: string): boolean {
  return (written.get(source) ?? foundPattern(source)).fits(text);
}

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
  const steps = Math.max(FEWEST_STEPS, pattern.programSize());
  if (steps > maxSteps) throw tooLarge();
  const maxLength = Math.floor(MAX_WORK / steps);
  return {
    fits(text) {
      if (text.length > maxLength) {
        throw new RangeError(`a text of ${text.length} characters is too long for the pattern`);
      }
      return pattern.test(text);
    },
  };
}

function parse(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const reason = said.replace(/^error parsing regexp: /, "").replace(/`(.*)`$/s, '"$1"');
    throw new SyntaxError(reason, { cause: error });
  }
}
