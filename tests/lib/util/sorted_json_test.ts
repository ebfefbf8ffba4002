import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { canonicalJson, readSorted, writeNode } from "../../../lib/util/sorted_json.ts";
import { assertProportional } from "../../growth.ts";
import { documents, spell, stableStringify, write } from "../auth/emporix_documents.ts";
import { spelling } from "./spelling.ts";

function writeSorted(json: string, writeNumber: (text: string) => string): string {
  return writeNode(readSorted(json), writeNumber);
}

function keepNumber(text: string): string {
  return text;
}

function writeNumber(text: string): string {
  return JSON.stringify(Number(text));
}

const CASES: readonly (readonly [string, string])[] = [
  ["{}", "{}"],
  ["[]", "[]"],
  [" [ ] ", "[]"],
  ["\r\n{\t}\n", "{}"],
  ["null", "null"],
  ["true", "true"],
  [" false ", "false"],
  ["-0", "-0"],
  [" 1.50E+2 ", "1.50E+2"],
  ['""', '""'],
  ['"a"', '"a"'],
  ["[[],[[]],{},[{}]]", "[[],[[]],{},[{}]]"],
  ["[1 , 2.0,3e0 ]", "[1,2.0,3e0]"],
  ['{"b":1,"a":{"d":[{"f":1,"e":2}],"c":null}}', '{"a":{"c":null,"d":[{"e":2,"f":1}]},"b":1}'],
  ['{"9":1,"10":2,"":3,"01":4}', '{"":3,"01":4,"10":2,"9":1}'],
  [
    '{"a":1,"B":2,"\u00e4":3,"\ud83d\ude00":4,"\uffff":5}',
    '{"B":2,"a":1,"\u00e4":3,"\ud83d\ude00":4,"\uffff":5}',
  ],
  ['{"__proto__":{"b":1,"a":2},"constructor":1}', '{"__proto__":{"a":2,"b":1},"constructor":1}'],
  ['{"a\\u0062":"\\u00e9\\/\\u0007\\u000a\\"\\\\"}', '{"ab":"\u00e9/\\u0007\\n\\"\\\\"}'],
  ['{"\\u0062":1,"a":2}', '{"a":2,"b":1}'],
  ['["}",",","]","\\"]","\\\\"]', '["}",",","]","\\"]","\\\\"]'],
  ['"\\ud800\u2028\u007f"', '"\\ud800\u2028\u007f"'],
];

for (const [json, written] of CASES) {
  Deno.test(`readSorted() writes ${JSON.stringify(json)} anew`, () => {
    assertEquals(writeSorted(json, keepNumber), written);
  });
}

for (const json of ['{"a":1,"a":1}', '{"a":1,"b":2,"\\u0061":3}', '[{"x":{"":1,"":2}}]']) {
  Deno.test(`readSorted() refuses ${json}, in which a key stands twice`, () => {
    assertThrows(() => writeSorted(json, keepNumber), SyntaxError, "a key stands twice");
  });
}

for (const json of ["", " ", "{", '{"a"}', "[1,]", "01", "nul", '"', '"\t"', "{}{}", "\ufeff{}"]) {
  Deno.test(`readSorted() refuses ${JSON.stringify(json)}, which is no JSON`, () => {
    assertThrows(() => writeSorted(json, keepNumber), SyntaxError);
  });
}

Deno.test("readSorted() goes 256 deep and no deeper", () => {
  for (const [open, close] of [["[", "]"], ['{"a":', "}"]] as const) {
    const json = open.repeat(256) + "1" + close.repeat(256);
    assertEquals(writeSorted(json, keepNumber), json);
    assertThrows(() => writeSorted(open + json + close, keepNumber), RangeError, "deeper than 256");
  }
  assertThrows(() => writeSorted("[".repeat(1e6) + "]".repeat(1e6), keepNumber), RangeError);
});

Deno.test("readSorted() agrees with a writer of documents, whatever the spelling", () => {
  fc.assert(fc.property(documents(), fc.infiniteStream(fc.nat()), (document, choices) => {
    const json = spell(document, choices);
    assertEquals(writeSorted(json, keepNumber), write(document, keepNumber));
    assertEquals(writeSorted(json, writeNumber), write(document, writeNumber));
  }));
});

Deno.test("readSorted() agrees with json-stable-stringify of the parsed text", () => {
  fc.assert(fc.property(fc.json({ stringUnit: "binary" }), (json) => {
    assertEquals(writeSorted(json, writeNumber), stableStringify(JSON.parse(json)));
  }));
});

Deno.test("readSorted() gives the same again of what it wrote", () => {
  fc.assert(fc.property(documents(), (document) => {
    const written = write(document, keepNumber);
    assertEquals(writeSorted(written, keepNumber), written);
  }));
});

Deno.test("canonicalJson() sorts keys by code units, those like integers too", () => {
  assertEquals(
    canonicalJson('{"9":1,"10":2,"B":3,"a":4,"\\ud83d\\ude00":5,"\uffff":6,"__proto__":7}'),
    '{"10":2,"9":1,"B":3,"__proto__":7,"a":4,"\u{1f600}":5,"\uffff":6}',
  );
});

Deno.test("canonicalJson() keeps the text of numbers", () => {
  const numbers = "[1,1.0,-0,1e2,1E+2,12345678901234567890,0.10]";
  assertEquals(canonicalJson(numbers), numbers);
});

Deno.test("canonicalJson() lets the last of two members with one name count", () => {
  assertEquals(canonicalJson('{"a":1,"\\u0061":[2]}'), '{"a":[2]}');
});

for (const json of ["1.50", '"é"', "null", "[]", "{}", '{"":""}', '["",[""]]']) {
  Deno.test(`canonicalJson() leaves ${json}`, () => {
    assertEquals(canonicalJson(json), json);
  });
}

Deno.test("canonicalJson() means the same and is one for all spellings", () => {
  const anySpellings = fc.jsonValue().chain((value) =>
    fc.tuple(fc.constant(value), spelling(value), spelling(value))
  );
  fc.assert(fc.property(anySpellings, ([value, one, other]) => {
    assertEquals(JSON.parse(canonicalJson(one)), JSON.parse(JSON.stringify(value)));
    assertEquals(canonicalJson(one), canonicalJson(other));
    assertEquals(canonicalJson(canonicalJson(one)), canonicalJson(one));
  }));
});

Deno.test("canonicalJson() takes time in proportion to the text, however deep it is", () => {
  const nested = (length: number, depth: number) =>
    "[".repeat(depth) + JSON.stringify("x".repeat(length)) + "]".repeat(depth);
  const [flat, deep] = [nested(300_000, 12), nested(6_000_000, 240)];
  assertEquals(canonicalJson(deep), deep);
  assertProportional({
    small: () => canonicalJson(flat),
    large: () => canonicalJson(deep),
    times: 20,
  });
});
