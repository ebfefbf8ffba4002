import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  addDecimals,
  divideDecimals,
  multiplyDecimals,
  parseDecimal,
  remainderOfDecimals,
  subtractDecimals,
  sumDecimals,
} from "../../../../lib/rules/cel/decimal.ts";

const cents = fc.integer({ min: -100_000_000_000, max: 100_000_000_000 });

function euros(value: number | bigint): number {
  return Number(value) / 100;
}

Deno.test("sumDecimals() of cents never drifts", () => {
  fc.assert(fc.property(fc.array(cents, { maxLength: 200 }), (amounts) => {
    const exact = amounts.reduce((sum, amount) => sum + BigInt(amount), 0n);
    assertEquals(sumDecimals(amounts.map(euros)), euros(exact));
  }));
});

Deno.test("subtractDecimals() of cents never drifts", () => {
  fc.assert(fc.property(cents, cents, (a, b) => {
    assertEquals(subtractDecimals(euros(a), euros(b)), euros(BigInt(a) - BigInt(b)));
  }));
});

Deno.test("multiplyDecimals() of a price and a quantity never drifts", () => {
  const quantity = fc.integer({ min: 0, max: 100_000 });
  const price = fc.integer({ min: 0, max: 100_000_000 });
  fc.assert(fc.property(price, quantity, (a, b) => {
    assertEquals(multiplyDecimals(euros(a), b), euros(BigInt(a) * BigInt(b)));
  }));
});

Deno.test("remainderOfDecimals() of cents is exact", () => {
  fc.assert(fc.property(cents, cents.filter((b) => b !== 0), (a, b) => {
    assertEquals(remainderOfDecimals(euros(a), euros(b)), euros(BigInt(a) % BigInt(b)));
  }));
});

/** A number of up to 15 digits, in whole units of a decimal place. */
const written = fc.record({
  units: fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }),
  places: fc.integer({ min: 0, max: 20 }),
});

type Written = typeof written extends fc.Arbitrary<infer Value> ? Value : never;

function numberOf({ units, places }: { units: number | bigint; places: number }): number {
  return Number(`${units}e-${places}`) + 0;
}

function inUnitsOf(places: number, one: Written): bigint {
  return BigInt(one.units) * 10n ** BigInt(places - one.places);
}

Deno.test("the decimal functions are exact for numbers of any length", () => {
  fc.assert(
    fc.property(written, written.filter(({ units }) => units !== 0), (a, b) => {
      const places = Math.max(a.places, b.places);
      const [ofA, ofB] = [inUnitsOf(places, a), inUnitsOf(places, b)];
      const [x, y] = [numberOf(a), numberOf(b)];
      assertEquals(addDecimals(x, y), numberOf({ units: ofA + ofB, places }));
      assertEquals(subtractDecimals(x, y), numberOf({ units: ofA - ofB, places }));
      assertEquals(remainderOfDecimals(x, y), numberOf({ units: ofA % ofB, places }));
      const product = BigInt(a.units) * BigInt(b.units);
      const ofBoth = a.places + b.places;
      assertEquals(multiplyDecimals(x, y), numberOf({ units: product, places: ofBoth }));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("remainderOfDecimals() of long numbers is no guess", () => {
  assertEquals(remainderOfDecimals(-3903149301344.08, 84784.0162086382), -28453.0363336458);
  assertEquals(remainderOfDecimals(1e300, 7e-10), 4e-10);
});

Deno.test("the decimal functions give a finite number or throw", () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  const functions = [
    addDecimals,
    subtractDecimals,
    multiplyDecimals,
    divideDecimals,
    remainderOfDecimals,
  ];
  fc.assert(fc.property(number, number, fc.constantFrom(...functions), (a, b, compute) => {
    try {
      assertEquals(Number.isFinite(compute(a, b)), true);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }));
});

Deno.test("addDecimals() keeps tiny and huge numbers", () => {
  assertEquals(addDecimals(0.1, 0.2), 0.3);
  assertEquals(addDecimals(1e-7, 2e-7), 3e-7);
  assertEquals(addDecimals(9007199254740991, 0), 9007199254740991);
  assertEquals(addDecimals(1e300, 1e300), 2e300);
  assertThrows(() => addDecimals(1.7e308, 1.7e308), RangeError, "number out of range");
});

Deno.test("subtractDecimals() does not lose digits when most of a number goes", () => {
  assertEquals(subtractDecimals(1000000.1, 1000000), 0.1);
  assertEquals(subtractDecimals(0.3, 0.3), 0);
});

Deno.test("divideDecimals() refuses zero of either sign", () => {
  assertThrows(() => divideDecimals(1, 0), RangeError, "division by zero");
  assertThrows(() => divideDecimals(1, -0), RangeError, "division by zero");
  assertThrows(() => divideDecimals(0, 0), RangeError, "division by zero");
  assertThrows(() => remainderOfDecimals(1, 0), RangeError, "division by zero");
  assertEquals(divideDecimals(100, 3), 33.3333333333333);
});

Deno.test("parseDecimal() reads decimals only", () => {
  assertEquals(parseDecimal(" -1.50 "), -1.5);
  assertEquals(parseDecimal("1e3"), 1000);
  for (const text of ["", " ", "inf", "NaN", "0x10", "1,5", "1.", ".5", "1 2"]) {
    assertThrows(
      () => parseDecimal(text),
      SyntaxError,
      `cannot read ${JSON.stringify(text)} as a number`,
    );
  }
  assertThrows(() => parseDecimal("1e999"), RangeError, "number out of range");
});
