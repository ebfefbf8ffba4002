import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseExactJson } from "../../../lib/util/json_text.ts";
import {
  excerpt,
  needDecimal,
  readDecimal,
  readElement,
  readExactDecimal,
  readMany,
  readText,
} from "../../../handlers/ustore/elements.ts";
import { misshapenBy } from "./open.ts";

const EMPTY = [null, undefined, "", " \n"];
const EMPTY_SCALARS = [...EMPTY, {}, { "@id": "6" }, { "@id": "6", "#text": null }, {
  "@id": "6",
  "#text": "",
  "New": "x",
}, { "@id": "6", "New": { "a": 1 } }];

Deno.test("readText() reads scalars with and without attributes", () => {
  assertEquals(readText("Void", "A"), "Void");
  assertEquals(readText(" kept ", "A"), " kept ");
  assertEquals(readText(5, "A"), "5");
  assertEquals(readText(0, "A"), "0");
  assertEquals(readText(false, "A"), "false");
  assertEquals(readText({ "#text": "Void" }, "A"), "Void");
  assertEquals(readText({ "@id": "6", "#text": 7, "New": [] }, "A"), "7");
  for (const empty of EMPTY_SCALARS) assertEquals(readText(empty, "A"), "");
});

Deno.test("readText() refuses numbers whose digits were lost", async () => {
  assertEquals(readText(Number.MAX_SAFE_INTEGER, "A"), "9007199254740991");
  assertEquals(readText(Number.MIN_SAFE_INTEGER, "A"), "-9007199254740991");
  for (const written of ["12345678901234567890", "9007199254740993", "-9007199254740993", "1e21"]) {
    const lost: unknown = JSON.parse(written);
    assertEquals(await misshapenBy(() => readText(lost, "A")), `A: ${lost}, text`);
    assertEquals(
      await misshapenBy(() => readText({ "#text": lost }, "A")),
      `A: {"#text":${lost}}, text`,
    );
  }
  assertEquals(await misshapenBy(() => readText(JSON.parse("1e999"), "A")), "A: Infinity, text");
});

Deno.test("readText() refuses lists and elements", async () => {
  assertEquals(await misshapenBy(() => readText([], "A.B")), "A.B: [], text");
  assertEquals(await misshapenBy(() => readText(["x"], "A.B")), 'A.B: ["x"], text');
  assertEquals(await misshapenBy(() => readText({ a: 1 }, "A.B")), 'A.B: {"a":1}, text');
  const nested = { "#text": { "#text": "x" } };
  assertEquals(await misshapenBy(() => readText(nested, "A")), 'A: {"#text":{"#text":"x"}}, text');
});

Deno.test("readDecimal() reads strings and numbers", () => {
  for (const text of ["15.3705", "15.3705000000", " 15.3705 ", "+15.3705", "1.53705e1"]) {
    assertEquals(readDecimal(text, "A"), 15.3705);
    assertEquals(readDecimal({ "@id": "6", "#text": text }, "A"), 15.3705);
  }
  assertEquals(readDecimal(15.3705, "A"), 15.3705);
  assertEquals(readDecimal("-.5", "A"), -0.5);
  assertEquals(readDecimal("5.", "A"), 5);
  assertEquals(readDecimal("0", "A"), 0);
  for (const empty of EMPTY_SCALARS) assertEquals(readDecimal(empty, "A"), undefined);
});

Deno.test("readDecimal() refuses what is no decimal", async () => {
  const texts = [
    "1,20",
    "1 000",
    "12a",
    "abc",
    ".",
    "-",
    "1.2.3",
    "0x1F",
    "Infinity",
    "NaN",
    "1e999",
  ];
  for (const value of [...texts, true, [], ["1"], { a: 1 }, { "#text": "x" }, Infinity]) {
    const found = await misshapenBy(() => readDecimal(value, "A.B"));
    const written = value === Infinity ? "Infinity" : JSON.stringify(value);
    assertEquals(found, `A.B: ${written}, number`);
  }
});

Deno.test("readDecimal() refuses long texts quickly", async () => {
  const digits = "1".repeat(500_000);
  const found = await misshapenBy(() => readDecimal(`${digits}x`, "A"));
  assertEquals(found, `A: "${digits.slice(0, 59)}…, number`);
  assertEquals(await misshapenBy(() => readDecimal(digits, "A")), found);
});

Deno.test("readDecimal() reads every number as it is written", () => {
  const [min, max] = [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  fc.assert(fc.property(fc.double({ noNaN: true, min, max }), (number) => {
    assertEquals(readDecimal(String(number), "A"), number || 0);
    assertEquals(readDecimal(number, "A"), number || 0);
    const written = JSON.stringify(number);
    assertEquals(readDecimal(parseExactJson(written), "A"), number || 0);
  }));
});

Deno.test("readDecimal() refuses what a double cannot hold, with its text", async () => {
  for (
    const text of ["1e16", "1e21", "1e308", "9007199254740993", "-1E+99", "1e-400", "0.1e-999"]
  ) {
    assertEquals(await misshapenBy(() => readDecimal(text, "A")), `A: "${text}", number`);
    const number = parseExactJson(text);
    assertEquals(await misshapenBy(() => readDecimal(number, "A")), `A: ${text}, number`);
  }
  for (const zero of ["0", "-0", "0.00", "-0.0e9", "00"]) assertEquals(readDecimal(zero, "A"), 0);
});

Deno.test("readText() and readExactDecimal() keep the text of a number", () => {
  for (const text of ["12345678901234567890", "8.10", "1e400", "-0", "1.0", "7"]) {
    assertEquals(readText(parseExactJson(text), "A"), text);
  }
  const quantities = ["2.50", " 2.50 ", parseExactJson("2.50"), "+2.5", "", null, 7];
  assertEquals(
    JSON.stringify(quantities.map((quantity) => readExactDecimal(quantity, "A"))),
    "[2.50,2.50,2.50,2.5,null,null,7]",
  );
});

Deno.test("needDecimal() wants a number", async () => {
  assertEquals(needDecimal("1.20000", "A"), 1.2);
  assertEquals(await misshapenBy(() => needDecimal(null, "A")), "A: null, number");
  assertEquals(await misshapenBy(() => needDecimal(undefined, "A")), "A: nothing, number");
  assertEquals(await misshapenBy(() => needDecimal({ "@id": 1 }, "A")), 'A: {"@id":1}, number');
});

Deno.test("readElement() reads an element, and an empty one", async () => {
  assertEquals(readElement({ a: 1 }, "A"), { a: 1 });
  for (const empty of EMPTY) assertEquals(readElement(empty, "A"), {});
  assertEquals(await misshapenBy(() => readElement([{}], "A")), "A: [{}], object");
  assertEquals(await misshapenBy(() => readElement("x", "A")), 'A: "x", object');
  assertEquals(await misshapenBy(() => readElement(5, "A")), "A: 5, object");
});

Deno.test("readMany() reads one or many, below their own name or not", () => {
  const one = { Name: "a" };
  const other = { Name: "b" };
  assertEquals(readMany({ Tax: [one, other], New: 1 }, "Tax", "A"), [
    { element: one, path: "A.Tax[0]" },
    { element: other, path: "A.Tax[1]" },
  ]);
  assertEquals(readMany({ Tax: one }, "Tax", "A"), [{ element: one, path: "A.Tax" }]);
  assertEquals(readMany([one, other], "Tax", "A"), [
    { element: one, path: "A[0]" },
    { element: other, path: "A[1]" },
  ]);
  assertEquals(readMany(one, "Tax", "A"), [{ element: one, path: "A" }]);
  assertEquals(readMany({ "@id": "1" }, "Tax", "A"), [{ element: { "@id": "1" }, path: "A" }]);
  assertEquals(readMany([null, "", one], "Tax", "A"), [{ element: one, path: "A[2]" }]);
});

Deno.test("readMany() reads elements that stand below their own name one by one", async () => {
  const one = { Name: "a" };
  const wrapped = [{ Tax: one }, { "@n": "2", Tax: one }, { Tax: null }, { Tax: one, Name: "b" }];
  assertEquals(readMany(wrapped, "Tax", "A"), [
    { element: one, path: "A[0].Tax" },
    { element: one, path: "A[1].Tax" },
    { element: { Tax: one, Name: "b" }, path: "A[3]" },
  ]);
  assertEquals(await misshapenBy(() => readMany([{ Tax: 5 }], "Tax", "A")), "A[0].Tax: 5, object");
});

Deno.test("readMany() reads none", () => {
  const containers = [...EMPTY, [], {}, { "@count": "0" }];
  const inside = [...EMPTY, []].map((empty) => ({ "@count": "0", Tax: empty }));
  for (const none of [...containers, ...inside]) assertEquals(readMany(none, "Tax", "A"), []);
});

Deno.test("readMany() counts an element that says nothing", () => {
  for (const bare of [{}, { "@name": "a" }]) {
    assertEquals(readMany({ Tax: bare }, "Tax", "A"), [{ element: bare, path: "A.Tax" }]);
    assertEquals(readMany({ Tax: [bare] }, "Tax", "A"), [{ element: bare, path: "A.Tax[0]" }]);
  }
});

Deno.test("readMany() refuses everything else", async () => {
  assertEquals(await misshapenBy(() => readMany("x", "Tax", "A")), 'A: "x", list');
  assertEquals(await misshapenBy(() => readMany(5, "Tax", "A")), "A: 5, list");
  assertEquals(await misshapenBy(() => readMany({ Tax: "x" }, "Tax", "A")), 'A.Tax: "x", list');
  assertEquals(await misshapenBy(() => readMany([{}, 5], "Tax", "A")), "A[1]: 5, object");
  assertEquals(
    await misshapenBy(() => readMany({ Tax: [[]] }, "Tax", "A")),
    "A.Tax[0]: [], object",
  );
});

Deno.test("excerpt() writes what JSON.stringify() writes, up to its length", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.integer({ min: 1, max: 80 }), (value, length) => {
    const document: unknown = JSON.parse(JSON.stringify(value));
    const text = JSON.stringify(document);
    const short = text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "");
    assertEquals(excerpt(document, length), text.length > length ? `${short}…` : text);
  }));
});

Deno.test("excerpt() cuts no character in half", () => {
  assertEquals(excerpt("ab\u{1F600}", 4), '"ab…');
  assertEquals(excerpt("ab\u{1F600}", 5), '"ab\u{1F600}…');
});

Deno.test("excerpt() reads deep and huge values", () => {
  const deep: unknown = JSON.parse("[".repeat(200_000) + "]".repeat(200_000));
  assertEquals(excerpt(deep, 5), "[[[[[…");
  const objects: unknown = JSON.parse('{"a":'.repeat(200_000) + "1" + "}".repeat(200_000));
  assertEquals(excerpt(objects, 8), '{"a":{"a…');
  assertEquals(excerpt("x".repeat(10_000_000), 5), '"xxxx…');
  assert(excerpt(new Array(1_000_000).fill({ a: 1 }), 60).endsWith("…"));
});
