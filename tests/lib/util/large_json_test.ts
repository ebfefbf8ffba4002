import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { parseExactJson } from "../../../lib/util/json_text.ts";
import { parseLargeJson } from "../../../lib/util/large_json.ts";
import { atOnce } from "../../../lib/util/waiting.ts";

const encoder = new TextEncoder();

function parse(text: string, pieceBytes?: number): unknown {
  return atOnce(parseLargeJson(encoder.encode(text), {
    ...{ parse: JSON.parse, maxDepth: 256 },
    ...(pieceBytes === undefined ? {} : { pieceBytes }),
  }));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const pieceSizes = fc.integer({ min: 0, max: 40 });
const spaces = fc.constantFrom(undefined, 1, "\t");

Deno.test("parseLargeJson() gives what JSON.parse() gives, whatever the size of a piece", () => {
  fc.assert(fc.property(fc.jsonValue(), spaces, pieceSizes, (value, space, pieceBytes) => {
    const text = JSON.stringify(value, undefined, space);
    const found = parse(` ${text}\n`, pieceBytes);
    assertEquals(found, JSON.parse(text));
    assertEquals(JSON.stringify(found), JSON.stringify(JSON.parse(text)));
  }));
});

Deno.test("parseLargeJson() refuses what JSON.parse() refuses, and nothing else", () => {
  const marks = fc.constantFrom(...'[]{},:"\\ 0-e\uFEFF\u00a0', '"a"', '"a":', "null", ",,");
  const from = fc.double({ min: 0, max: 1, noNaN: true });
  const cut = fc.integer({ min: 0, max: 2 });
  fc.assert(
    fc.property(
      fc.jsonValue(),
      from,
      cut,
      marks,
      pieceSizes,
      (value, at, gone, mark, pieceBytes) => {
        const valid = JSON.stringify(value);
        const index = Math.floor(at * (valid.length + 1));
        const text = valid.slice(0, index) + mark + valid.slice(index + gone);
        // A mark at the very beginning is no part of the text.
        if (text.startsWith("\uFEFF")) return;
        if (isJson(text)) assertEquals(parse(text, pieceBytes), JSON.parse(text));
        else assertThrows(() => parse(text, pieceBytes), SyntaxError);
      },
    ),
    { numRuns: 3000 },
  );
});

Deno.test("parseLargeJson() keeps to the last of names that stand twice, and to names of their own", () => {
  const text = '{"a":[1,2,3],"b":[4,5,6],"a":[7,8,9],"__proto__":[1,2,3],"2":[1,2],"1":[1,2]}';
  const found = parse(text, 4);
  assertEquals(JSON.stringify(found), JSON.stringify(JSON.parse(text)));
  assertEquals(Object.keys(Object(found)), ["1", "2", "a", "b", "__proto__"]);
});

Deno.test("parseLargeJson() leaves out a byte order mark, and numbers to whoever parses them", () => {
  const bytes = encoder.encode(`\uFEFF{"prices":[${Array(20).fill("1.50").join(",")}]}`);
  const options = { parse: parseExactJson, maxDepth: 2, pieceBytes: 16 };
  const found = atOnce(parseLargeJson(bytes, options));
  assertEquals(JSON.stringify(found), `{"prices":[${Array(20).fill("1.50").join(",")}]}`);
});

Deno.test("parseLargeJson() leaves others their turn between pieces", () => {
  const lines = Array.from(
    { length: 20_000 },
    (_, at) => ({ at, text: `, ] "${at}" [`, more: [{}] }),
  );
  const steps = parseLargeJson(encoder.encode(JSON.stringify({ lines })), {
    ...{ parse: JSON.parse, maxDepth: 256 },
  });
  let count = 0;
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) count++;
  assertEquals(step.value, { lines });
  // Two or three where a quarter of a megabyte is looked through, and one for each piece.
  assertGreater(count, 20);
});

Deno.test("parseLargeJson() refuses what nests too deeply, before anything is parsed", () => {
  const text = `${"[".repeat(257)}${"]".repeat(257)}`;
  assertThrows(() => parse(text), RangeError);
  assertThrows(() => parse(text, 8), RangeError);
  assertEquals(JSON.stringify(parse(text.slice(1, -1), 8)), text.slice(1, -1));
});

for (
  const text of [
    ...["[1,,2]", "[1,]", "[,1]", "[,]", '{"a":1,}', '{,"a":1}', '{"a":1,,"b":2}', "{,}"],
    ...["[[1,2]1]", "[1[1,2]]", '{"a"[1,2]}', "{[1,2]}", '{"a":1"b":[1,2]}', '{"a":[1,2]"b":1}'],
    // What stands before a value might grow together with what is put in its place.
    ...['{"a":1[1,2]}', '{"a":-[1,2]}', '{"a":1.[1,2]}', '{"a":1e{"b":2}}', '{"a":0[1]}'],
    ...['{"a":nul[1,2]}', '{"a":t[1,2]}', '{"a":""[1,2]}'],
    ...["[1}", '{"a":1]', "[1,2", "1,2]", "[1],[2]", "[1,2] x", "x [1,2]", "[1 2]", '["a]'],
  ]
) {
  Deno.test(`parseLargeJson() refuses ${text}, wherever it is cut`, () => {
    for (let pieceBytes = 0; pieceBytes < text.length; pieceBytes++) {
      assertThrows(() => parse(text, pieceBytes), SyntaxError);
    }
  });
}
