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
 * The library's conversions of text that read too much as a number (`double("inf")`, `int("")`),
 * and what takes their place.
 */
export const STRICT_CONVERSIONS: ReadonlyMap<string, string> = new Map([
  ["double", "number"],
  ["int", "strict_int"],
]);

function parseInteger(text: string): bigint {
  const value = parseDecimal(text);
  if (Number.isSafeInteger(value)) return BigInt(value);
  throw new RangeError(`cannot read ${JSON.stringify(text.slice(0, 40))} as a whole number`);
}

function numbersOf(values: Iterable<Numeric>): number[] {
  return Array.from(values, Number);
}

function extreme(pick: (...values: number[]) => number): (values: Iterable<Numeric>) => number {
  return (values) => {
    const numbers = numbersOf(values);
    if (numbers.length === 0) throw new RangeError("the list is empty");
    return numbers.reduce((best, value) => pick(best, value));
  };
}

function mixed(compute: Compute): (a: Numeric, b: Numeric) => number {
  return (a, b) => compute(Number(a), Number(b));
}

function includes(value: Numeric, list: Iterable<Numeric>): boolean {
  return numbersOf(list).includes(Number(value));
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

/**
 * Makes the language friendly: numbers with and without a decimal point mix, and a few functions
 * are there that rules about orders need.
 *
 * @param environment Where to add them.
 */
export function addFunctions(environment: Environment): void {
  addOperators(environment);
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

/**
 * Adds what {@linkcode DECIMAL_CALLS} and {@linkcode STRICT_CONVERSIONS} name.
 *
 * @param environment Where to add them: not where people's own rules are checked.
 */
export function addComputingFunctions(environment: Environment): void {
  environment.registerFunction("strict_int(string): int", parseInteger);
  for (const [operator, compute] of OPERATORS) {
    const name = DECIMAL_CALLS.get(operator);
    if (name !== undefined) {
      environment.registerFunction(`${name}(double, double): double`, compute);
    }
  }
}
