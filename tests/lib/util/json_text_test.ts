import { assertEquals, assertLess } from "@std/assert";
import fc from "fast-check";
import { assertProportional } from "../../growth.ts";
import {
  isExactNumber,
  isHeldByDouble,
  numberOfText,
  parseExactJson,
  sliceElements,
  sliceMembers,
  withPlainNumbers,
} from "../../../lib/util/json_text.ts";
import { spelling } from "./spelling.ts";

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

Deno.test("sliceMembers() keeps numbers, escapes and white space", () => {
  const json = ' {"a" :\t1.00 , "\\u0062":"\\u00e9\\/", "c":{ "d" : [ 1e5 ] },"e":null}\n';
  assertEquals(sliceMembers(json), [
    { name: "a", text: "1.00" },
    { name: "b", text: '"\\u00e9\\/"' },
    { name: "c", text: '{ "d" : [ 1e5 ] }' },
    { name: "e", text: "null" },
  ]);
});

Deno.test("sliceMembers() gives both members of a name that stands twice", () => {
  assertEquals(sliceMembers('{"a":1,"a":2}'), [{ name: "a", text: "1" }, { name: "a", text: "2" }]);
});

Deno.test("sliceMembers() gives members with the names of Object.prototype", () => {
  assertEquals(sliceMembers('{"__proto__":{"x":1},"":2}'), [
    { name: "__proto__", text: '{"x":1}' },
    { name: "", text: "2" },
  ]);
});

for (const json of ["[]", '"{}"', "1", "null", "true"]) {
  Deno.test(`sliceMembers() knows that ${json} is no object`, () => {
    assertEquals(sliceMembers(json), undefined);
  });
}

for (const json of ["{}", '"[]"', "1", "null", "true"]) {
  Deno.test(`sliceElements() knows that ${json} is no array`, () => {
    assertEquals(sliceElements(json), undefined);
  });
}

Deno.test("sliceElements() cuts every kind of value", () => {
  const texts = ["[]", "{}", '""', "-0.0", "true", "null", '[{"a":[]}]', '"]"', '"\u2028"'];
  assertEquals(sliceElements(`[${texts.join(" ,\r\n")}]`), texts);
});

Deno.test("sliceElements() gives back what was joined", () => {
  const anyText = fc.jsonValue().chain((value) => spelling(value));
  fc.assert(fc.property(fc.array(anyText), (texts) => {
    assertEquals(sliceElements(`[${texts.join(",")}]`), texts);
  }));
});

Deno.test("sliceMembers() gives back what was joined", () => {
  const anyMember = fc.record({
    name: fc.string({ unit: "binary" }),
    text: fc.jsonValue().chain((value) => spelling(value)),
  });
  fc.assert(fc.property(fc.array(anyMember), (members) => {
    const json = members.map(({ name, text }) => `${JSON.stringify(name)}: ${text}`).join(", ");
    assertEquals(sliceMembers(`{${json}}`), members);
  }));
});

Deno.test("sliceElements() takes time in proportion to the number of elements", () => {
  const element = JSON.stringify({
    order_create: {
      order_id: "DEMO-1",
      items: Array(9).fill({ cost: 20.5, text: "x".repeat(40) }),
    },
  });
  const textOf = (count: number) => `[${Array(count).fill(element).join(",")}]`;
  const cut = (json: string) =>
    (sliceElements(json) ?? []).flatMap((text) => sliceMembers(text) ?? []).length;
  const [few, many] = [textOf(500), textOf(10_000)];
  assertLess(6_000_000, many.length);
  assertEquals(cut(many), 10_000);
  assertProportional({ small: () => cut(few), large: () => cut(many), times: 20 });
});
