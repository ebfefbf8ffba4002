import type { Environment } from "@marcbachmann/cel-js";
import {
  addDecimals,
  divideDecimals,
  multiplyDecimals,
  parseDecimal,
  remainderOfDecimals,
  subtractDecimals,
  sumDecimals,
} from "./decimal.ts";
import {
  addBytes,
  addLists,
  addTexts,
  containsText,
  indexOfText,
  joinTexts,
  lastIndexOfText,
  matchesPattern,
  splitText,
} from "./text.ts";
import { addTimeFunctions, addZonedFunctions } from "./times.ts";

type Compute = (a: number, b: number) => number;
type Numeric = number | bigint;

const OPERATORS: readonly (readonly [operator: string, compute: Compute])[] = [
  ["+", addDecimals],
  ["-", subtractDecimals],
  ["*", multiplyDecimals],
  ["/", divideDecimals],
  ["%", remainderOfDecimals],
];

/**
 * The functions that take the place of the language's own operators between two numbers, which
 * compute in binary and divide by zero to infinity.
 */
export const DECIMAL_CALLS: ReadonlyMap<string, string> = new Map([
  ["+", "decimal_add"],
  ["-", "decimal_subtract"],
  ["*", "decimal_multiply"],
  ["/", "decimal_divide"],
]);

/**
 * The library's conversions of text that read too much as a number (`double("inf")`, `int("")`) or
 * take too long, and what takes their place.
 */
export const STRICT_CONVERSIONS: ReadonlyMap<string, string> = new Map([
  ["double", "number"],
  ["int", "strict_int"],
  ["duration", "strict_duration"],
]);

/** The methods of the library that take too long for long texts, and what takes their place. */
export const BOUNDED_METHODS: ReadonlyMap<string, string> = new Map([
  ["string.matches", "matches_pattern"],
  ["string.contains", "contains_text"],
  ["string.indexOf", "index_of_text"],
  ["string.lastIndexOf", "last_index_of_text"],
  ["string.split", "split_text"],
  ["list<string>.join", "join_texts"],
]);

/** The same of the operator `+`, by the type of both sides; `list` stands for every list. */
export const ADD_CALLS: ReadonlyMap<string, string> = new Map([
  ["string", "add_texts"],
  ["bytes", "add_bytes"],
  ["list", "add_lists"],
]);

/**
 * Gives back a list or a map. What stands beside it is a step, so where there is no time left, none
 * is walked through: the language goes on to the next element when one fails.
 */
export const STEP_THROUGH = "step_through";

/**
 * Makes the language friendly: numbers with and without a decimal point mix, and a few functions
 * are there that rules about orders need.
 *
 * @param environment Where to add them.
 */
export function addFunctions(environment: Environment): void {
  addOperators(environment);
  addTimeFunctions(environment);
  environment
    .registerFunction("number(double): double", (value: number) => value)
    .registerFunction("number(int): double", (value: bigint) => Number(value))
    .registerFunction("number(string): double", parseDecimal)
    .registerFunction("string.lower(): string", (text: string) => text.toLowerCase())
    .registerFunction("string.upper(): string", (text: string) => text.toUpperCase());
  for (const list of ["list<double>", "list<int>"]) {
    environment
      .registerFunction(
        `${list}.sum(): double`,
        (v: Iterable<Numeric>) => sumDecimals(numbersOf(v)),
      )
      .registerFunction(`${list}.min(): double`, extreme(Math.min))
      .registerFunction(`${list}.max(): double`, extreme(Math.max));
  }
}

function addOperators(environment: Environment): void {
  for (const [operator, compute] of OPERATORS) {
    environment.registerOperator(`double ${operator} int: double`, mixed(compute));
    environment.registerOperator(`int ${operator} double: double`, mixed(compute));
  }
  environment.registerOperator("double % double: double", remainderOfDecimals);
  environment.registerOperator("double == int", (a: number, b: bigint) => a === Number(b));
  environment.registerOperator("double in list<int>", includes);
  environment.registerOperator("int in list<double>", includes);
}

function mixed(compute: Compute): (a: Numeric, b: Numeric) => number {
  return (a, b) => compute(Number(a), Number(b));
}

function includes(value: Numeric, list: Iterable<Numeric>): boolean {
  return numbersOf(list).includes(Number(value));
}

function extreme(pick: (...values: number[]) => number): (values: Iterable<Numeric>) => number {
  return (values) => {
    const numbers = numbersOf(values);
    if (numbers.length === 0) throw new RangeError("the list is empty");
    return numbers.reduce((best, value) => pick(best, value));
  };
}

function numbersOf(values: Iterable<Numeric>): number[] {
  return Array.from(values, Number);
}

/**
 * Adds what this file's tables name.
 *
 * @param environment Where to add them: not where people's own rules are checked.
 */
export function addComputingFunctions(environment: Environment): void {
  environment
    .registerFunction("strict_int(string): int", parseInteger)
    .registerFunction("strict_duration(string): string", durationText)
    .registerFunction("matches_pattern(string, string, TimeLimit): bool", matchesPattern)
    .registerFunction("contains_text(string, string): bool", containsText)
    .registerFunction(
      "index_of_text(string, string): int",
      (text: string, part: string) => BigInt(indexOfText(text, part)),
    )
    .registerFunction(
      "index_of_text(string, string, int): int",
      (text: string, part: string, from: bigint) =>
        part === "" ? from : BigInt(indexOfText(text, part, inRange(from, text))),
    )
    .registerFunction(
      "last_index_of_text(string, string): int",
      (text: string, part: string) => BigInt(lastIndexOfText(text, part)),
    )
    .registerFunction(
      "last_index_of_text(string, string, int): int",
      (text: string, part: string, from: bigint) =>
        part === "" ? from : BigInt(lastIndexOfText(text, part, inRange(from, text))),
    )
    .registerFunction("split_text(string, string): list<string>", splitText)
    .registerFunction("split_text(string, string, int): list<string>", splitAtMost)
    .registerFunction("join_texts(list<string>): string", joinTexts)
    .registerFunction("join_texts(list<string>, string): string", joinTexts)
    .registerFunction("add_texts(string, string): string", addTexts)
    .registerFunction(`${STEP_THROUGH}(list<A>, bool): list<A>`, (list: unknown) => list)
    .registerFunction(`${STEP_THROUGH}(map<A, B>, bool): map<A, B>`, (map: unknown) => map)
    .registerFunction("add_bytes(bytes, bytes): bytes", addBytes)
    .registerFunction("add_lists(list<A>, list<A>): list<A>", addLists);
  addZonedFunctions(environment);
  for (const [operator, compute] of OPERATORS) {
    const name = DECIMAL_CALLS.get(operator);
    if (name !== undefined) {
      environment.registerFunction(`${name}(double, double): double`, compute);
    }
  }
}

function parseInteger(text: string): bigint {
  const value = parseDecimal(text);
  if (Number.isSafeInteger(value)) return BigInt(value);
  throw new RangeError(`cannot read ${JSON.stringify(text.slice(0, 40))} as a whole number`);
}

/** A text that is longer is no duration; the library takes 18 seconds to find that out of 4,000. */
const MAX_DURATION_LENGTH = 100;

/** The same of digits: the library never sees one that is not well formed. */
const DURATION = /^[-+]?(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+$/;

/**
 * Gives back a text that is a duration.
 *
 * @throws {SyntaxError} When it is none.
 */
export function durationText(text: string): string {
  if (text.length <= MAX_DURATION_LENGTH && DURATION.test(text)) return text;
  throw new SyntaxError(`cannot read ${JSON.stringify(text.slice(0, 40))} as a duration`);
}

function inRange(from: bigint, text: string): number {
  const index = Number(from);
  if (index >= 0 && index < text.length) return index;
  throw new RangeError("the text is too short");
}

function splitAtMost(text: string, separator: string, limit: bigint): readonly string[] {
  const most = Number(limit);
  const parts = most === 0 ? [] : splitText(text, separator);
  if (most < 0 || parts.length <= most) return parts;
  return [...parts.slice(0, most - 1), parts.slice(most - 1).join(separator)];
}
