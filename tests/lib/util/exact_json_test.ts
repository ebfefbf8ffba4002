import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { assertProportional } from "../../growth.ts";
import {
  isExactNumber,
  isHeldByDouble,
  numberOfText,
  parseExactJson,
  withPlainNumbers,
} from "../../../lib/util/exact_json.ts";

/** The text of a number, with all the digits, zeros and exponents that JSON lets it have. */
const numberText = fc.tuple(
  fc.constantFrom("", "-"),
  fc.oneof(fc.constant("0"), fc.stringMatching(/^[1-9]\d{0,24}$/)),
  fc.oneof(fc.constant(""), fc.stringMatching(/^\.\d{1,20}$/)),
  fc.oneof(fc.constant(""), fc.stringMatching(/^[eE][-+]?\d{1,4}$/)),
).map((parts) => parts.join(""));

/** JSON as text, written without a space. */
const json = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    numberText,
    fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)),
    fc.constantFrom("true", "false", "null"),
    fc.array(tie("value")).map((values) => `[${values.join()}]`),
    // Keys in letters: an object lists those that look like integers first.
    fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), tie("value")).map((members) =>
      `{${Object.entries(members).map(([name, value]) => `"${name}":${value}`).join()}}`
    ),
  ),
})).value;

Deno.test("parseExactJson() and JSON.stringify() give the text that came", () => {
  fc.assert(
    fc.property(json, (text) => {
      assertEquals(JSON.stringify(parseExactJson(text)), text);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("parseExactJson() keeps a number between any white space", () => {
  fc.assert(fc.property(numberText, fc.constantFrom("", " ", "\n", "\r\n\t"), (text, space) => {
    const document = `${space}[${space}${text}${space},{"a"${space}:${space}${text}${space}}]`;
    assertEquals(JSON.stringify(parseExactJson(document)), `[${text},{"a":${text}}]`);
    assertEquals(JSON.stringify(parseExactJson(`${space}${text}${space}`)), text);
  }));
});

Deno.test("parseExactJson() leaves a number plain where a double holds it", () => {
  fc.assert(fc.property(numberText, (text) => {
    const value = parseExactJson(text);
    const isPlain = String(Number(text)) === text &&
      Math.abs(Number(text)) <= Number.MAX_SAFE_INTEGER;
    assertEquals(isExactNumber(value), !isPlain);
    assertEquals(JSON.stringify(numberOfText(text)), text);
  }));
});

Deno.test("withPlainNumbers() gives what JSON.parse() gives", () => {
  fc.assert(fc.property(json, (text) => {
    assertEquals(withPlainNumbers(parseExactJson(text)), JSON.parse(text));
  }));
});

Deno.test("numberOfText() reads no text that JSON would not", () => {
  for (const text of ["", " 1", "+1", ".5", "5.", "1,5", "0x10", "1_000", "01", "٣", "NaN", "-"]) {
    assertEquals(numberOfText(text), undefined);
  }
});

Deno.test("isHeldByDouble() takes time in proportion to the number's length", () => {
  const of = (zeros: number) => `1${"0".repeat(zeros)}1`;
  const [small, large] = [of(10_000), of(100_000)];
  assertProportional({
    small: () => isHeldByDouble(small),
    large: () => isHeldByDouble(large),
    times: 10,
  });
});

Deno.test("isHeldByDouble() tells whether the value stays, whatever its spelling", () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
    assertEquals(isHeldByDouble(String(number)), true);
    assertEquals(isHeldByDouble(`${number}`.replace(/^(-?\d+\.\d+)$/, "$100")), true);
  }));
  const whole = fc.bigInt({ min: 0n, max: 10n ** 30n });
  fc.assert(fc.property(whole, (number) => {
    const double = BigInt(Number(number)) === number && /^\d+$/.test(String(Number(number)));
    // A double may stand for it and yet be written with other digits: then it is not kept either.
    if (double) {
      assertEquals(isHeldByDouble(String(number)), String(Number(number)) === String(number));
    } else if (number < 10n ** 21n) assertEquals(isHeldByDouble(String(number)), false);
  }));
});
