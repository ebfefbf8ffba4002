import { assert, assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import {
  containsText,
  indexOfText,
  lastIndexOfText,
  matchesPattern,
  splitText,
  writtenPattern,
} from "../../../../lib/rules/cel/text.ts";
import { mistakeIn, test } from "../shop.ts";

Deno.test("the search of long parts finds what the runtime finds", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 12 });
  fc.assert(fc.property(letters, letters, (part, seed) => {
    // Long enough for the product of both to be beyond what the runtime is asked.
    const long = part.repeat(Math.ceil(4000 / part.length));
    const text = `${seed}${long}${seed}${long}${long}`;
    assertEquals(indexOfText(text, long), text.indexOf(long));
    assertEquals(lastIndexOfText(text, long), text.lastIndexOf(long));
    assertEquals(splitText(text, long), text.split(long));
  }));
});

Deno.test("the search of long parts takes time that grows with the text alone", () => {
  const half = "a".repeat(50_000);
  const part = `${half}b${half}`;
  const text = "a".repeat(1_000_000);
  const startedAt = performance.now();
  assertEquals(containsText(text, part), false);
  assertEquals(lastIndexOfText(text, part), -1);
  assertEquals(splitText(text, part), [text]);
  assert(performance.now() - startedAt < 10_000);
});

/** What RE2 says of a text, where the engine of the runtime says something else. */
const CASES: readonly (readonly [text: string, pattern: string, fits: boolean])[] = [
  ["שלום", "^\\p{L}+$", true],
  ["שלום", "^\\p{Hebrew}+$", true],
  ["Urgent", "(?i)^urgent$", true],
  ["a1", "^[[:alnum:]]+$", true],
  ["🎁", "^.$", true],
  ["ab", "\\Aab\\z", true],
  ["ab\n", "\\Aab\\z", false],
  ["ab\n", "^ab$", false],
  ["a.b", "^\\Qa.b\\E$", true],
  ["axb", "^\\Qa.b\\E$", false],
  ["É", "^(?i)é$", true],
  ["é", "\\w", false],
  ["١", "\\d", false],
  ["a\nb", "a.b", false],
  ["a\nb", "(?s)a.b", true],
  ["a\nb", "(?m)^b$", true],
  ["aa", "(?U)^a+$", true],
  ["Ω", "^\\p{Greek}$", true],
  ["x", "^\\x{78}$", true],
];

Deno.test("matchesPattern() takes the dialect of RE2", () => {
  for (const [text, pattern, fits] of CASES) {
    assertEquals(matchesPattern(text, pattern), fits, `${text} ${pattern}`);
    assertEquals(writtenPattern(pattern).fits(text), fits);
  }
});

Deno.test("a rule takes the dialect of RE2, from a literal and from the order", () => {
  for (const [text, pattern, fits] of CASES) {
    const [quoted, written] = [text, pattern].map((one) => JSON.stringify(one));
    assertEquals(test(`${quoted}.matches(${written})`), fits, pattern);
    const order = { note: text, id: pattern };
    assertEquals(test("order.note.matches(order.id)", { order, item: {} }), fits, pattern);
  }
});

Deno.test("matchesPattern() takes time that grows with the text alone", () => {
  const slow: readonly (readonly [string, string])[] = [
    ["a".repeat(100_000) + "!", "^(a+)+$"],
    ["Please send it ".repeat(10_000) + "!", "^([A-Za-z]+ ?)+$"],
    ["x".repeat(100_000), "(x+x+)+y"],
    ["ab".repeat(50_000), "^(a|b|ab)*c$"],
  ];
  for (const [text, pattern] of slow) {
    const startedAt = performance.now();
    assertEquals(matchesPattern(text, pattern), false);
    const took = performance.now() - startedAt;
    assert(took < 10_000, `${pattern} took ${took} ms`);
  }
});

Deno.test("a pattern of an order is refused where it would cost much", () => {
  const costly: readonly (readonly [string, string])[] = [
    ["a", "x".repeat(1001)],
    ["a", "(?:ab){1000}".repeat(20)],
    ["a", "((a{30}){30})".repeat(10)],
    ["a".repeat(6_000_000), "[ab]*a[ab]{90}$"],
  ];
  for (const [text, pattern] of costly) {
    const startedAt = performance.now();
    assertThrows(() => matchesPattern(text, pattern), RangeError);
    assert(performance.now() - startedAt < 5000, pattern.slice(0, 20));
  }
});

Deno.test("a text may be as long as the steps of its pattern let it", () => {
  // 27 steps, of which the states double with each: 20,000,000 divided by 27 are 740,740.
  const blowsUp = "^.*a.{20}$";
  const text = Array.from({ length: 740_740 }, (_, index) => "ab"[index % 7 % 2]).join("");
  const startedAt = performance.now();
  assertEquals(typeof matchesPattern(text, blowsUp), "boolean");
  assert(performance.now() - startedAt < 10_000);
  assertThrows(
    () => matchesPattern(`${text}a`, blowsUp),
    RangeError,
    "a text of 740741 characters is too long for the pattern",
  );
  assertEquals(matchesPattern("x".repeat(2_500_000), "xy"), false);
  assertThrows(() => matchesPattern("x".repeat(2_500_001), "xy"), RangeError, "too long");
});

Deno.test("matchesPattern() never hangs and throws only what a rule can fail with", () => {
  const sign = fc.constantFrom(..."ab.*+?()[]{}|^$\\1,2-:=!<>piQE", "{2}", "(?i)", "\\p{L}");
  const pattern = fc.array(sign, { maxLength: 20 }).map((signs) => signs.join(""));
  fc.assert(fc.property(pattern, fc.string({ unit: "grapheme" }), (source, text) => {
    try {
      assertEquals(typeof matchesPattern(text, source), "boolean");
    } catch (error) {
      assert(error instanceof SyntaxError || error instanceof RangeError, String(error));
    }
  }));
});

Deno.test("a pattern that RE2 can't read is a mistake that says what to write", () => {
  const cases: readonly (readonly [pattern: string, reason: string, hint: string])[] = [
    ["^(?!x)", '"(?!"', "RE2 has no lookahead"],
    ["a(?=b)", '"(?="', "RE2 has no lookahead"],
    ["(?<=a)b", '"(?<=a)b"', "RE2 has no lookbehind"],
    ["(a)\\1", '"\\1"', "RE2 has no back references"],
    ["a++", '"++"', "Write a plain + or *"],
    ["a\\Z", '"\\Z"', "Write \\\\z"],
    ["\\u05D0", '"\\u"', "\\\\x{05D0}"],
    ["\\p{Script=Hebrew}", "\\p{Script=Hebrew}", "\\\\p{Hebrew}"],
    ["[[:letter:]]", "[:letter:]", "[:alpha:]"],
    ["a{1001}", "{1001}", "up to 1000"],
    ["(a", "missing closing )", "r'\\\\('"],
    ["a)", "unexpected )", "r'\\\\('"],
  ];
  for (const [pattern, reason, hint] of cases) {
    const mistake = mistakeIn(`order.note.matches(r'${pattern}')`);
    assert(mistake.message.includes(reason), mistake.message);
    // As it stands in a config: in JSON.
    assert(mistake.hint?.includes(hint), `${pattern}: ${mistake.hint}`);
    assertEquals(mistake.column, 20);
  }
});
