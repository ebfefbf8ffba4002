import { assertEquals, assertThrows } from "@std/assert";
import { decodeText, readSource } from "../../../lib/config/source.ts";

function mistakesIn(text: string): readonly string[] {
  return readSource(text).mistakes.map(({ position, message, hint }) =>
    `${position?.line}:${position?.column} ${message}${hint === undefined ? "" : ` (${hint})`}`
  );
}

Deno.test("readSource() accepts comments and trailing commas", () => {
  const source = readSource('{ /* a */ "a": [1, 2,], // b\n }');
  assertEquals(source.value, { a: [1, 2] });
  assertEquals(source.mistakes, []);
  assertEquals(source.sound, true);
});

Deno.test("readSource() counts lines that end in CRLF", () => {
  const source = readSource('{\r\n  "server": {\r\n    "port": 1\r\n  }\r\n}\r\n');
  assertEquals(source.position(["server", "port"]), { line: 3, column: 5 });
});

Deno.test("readSource() places list items, and what is missing at what would hold it", () => {
  const source = readSource('{\n "endpoints": [\n  {},\n  { "path": "/a" }\n ]\n}');
  assertEquals(source.position(["endpoints", 1]), { line: 4, column: 3 });
  assertEquals(source.position(["endpoints", 1, "path"]), { line: 4, column: 5 });
  assertEquals(source.position(["endpoints", 1, "kind"]), { line: 4, column: 3 });
  assertEquals(source.position(["server", "port"]), { line: 1, column: 1 });
});

Deno.test("readSource() names a missing comma and reads on", () => {
  const source = readSource('{\n  "a": 1\n  "b": 2\n}');
  assertEquals(source.mistakes, [
    { path: [], position: { line: 3, column: 3 }, message: "wanted a comma before this" },
  ]);
  assertEquals(source.value, { a: 1, b: 2 });
  assertEquals(source.sound, true);
});

Deno.test("readSource() puts each syntax error into words", () => {
  const cases: readonly (readonly [string, string])[] = [
    ['{"a":1', "1:7 found the end of the file, wanted a closing brace }"],
    ['{"a":[1', "1:8 found the end of the file, wanted a closing bracket ]"],
    ['{"a":}', "1:6 wanted a value here"],
    ['{"a" 1}', "1:6 wanted a colon after the key"],
    ["{'a':1}", "1:2 found a single quote, wanted a double quote"],
    [
      "{a:1}",
      "1:2 found a bare word or a sign, wanted a value of JSON " +
      "(Write names and text between double quotes)",
    ],
    [
      '{"a":"b}\n',
      "1:6 found text without its closing quote " +
      '(Write the closing " on the same line; \\n stands for a line break in text)',
    ],
    ['{"a":1} /* b', "1:9 found a comment without its closing */"],
    [
      '{"a":"C:\\Store"}',
      "1:6 found a backslash before a character that can't follow it " +
      "(Write a backslash twice, as in C:\\\\Storehook, and a pattern of a rule as raw text: " +
      "r'^\\\\d+$')",
    ],
    [
      '{"a":1}}',
      "1:8 found more after the end, wanted the end of the file " +
      "(Look for a closing brace that is too many)",
    ],
    [" \n", "2:1 found an empty file, wanted an object (Start with { and end with })"],
  ];
  for (const [text, expected] of cases) assertEquals(mistakesIn(text)[0], expected, text);
});

Deno.test("readSource() reports one syntax error a line", () => {
  assertEquals(mistakesIn("{a:1, b:2, c:3}").length, 1);
});

Deno.test("readSource() reports keys that stand twice, at any depth", () => {
  const source = readSource('{\n "a": 1,\n "b": [{ "c": 1, "c": 2 }],\n "a": 2\n}');
  assertEquals(source.mistakes, [
    {
      path: ["b", 0, "c"],
      position: { line: 3, column: 18 },
      message: 'found "c" a second time, wanted each key once',
      hint: "The first one is in line 3",
    },
    {
      path: ["a"],
      position: { line: 4, column: 2 },
      message: 'found "a" a second time, wanted each key once',
      hint: "The first one is in line 2",
    },
  ]);
});

Deno.test("readSource() refuses a name below which nothing would be found, at any depth", () => {
  const source = readSource('{\n "a": [{ "__proto__": { "b": 1 } }]\n}');
  assertEquals(source.mistakes, [{
    path: ["a", 0, "__proto__"],
    position: { line: 2, column: 10 },
    message: 'found the name "__proto__", wanted another one',
  }]);
});

Deno.test("readSource() refuses what nests too deeply, and places it", () => {
  const deep = `{"a": "[[",\n ${'"b": '}${"[".repeat(3000)}${"]".repeat(3000)}}`;
  assertEquals(readSource(deep).mistakes, [{
    path: [],
    position: { line: 2, column: 106 },
    message: "nests too deeply, wanted at most 100 objects and lists in each other",
  }]);
  assertEquals(readSource("[".repeat(100) + "]".repeat(100)).mistakes, []);
});

Deno.test("readSource() knows what people write who know another notation", () => {
  const inRule =
    "1:31 found more right behind a closing quote (Inside a rule write text in single " +
    "quotes, as in order.currency == 'EUR'; elsewhere write \\\" for a double quote inside text)";
  const space =
    "(Delete it and type a space: it often comes with text copied from a page or a chat)";
  const straight = '(Write straight quotes: ")';
  const slashes = "(Begin a comment with //)";
  const digits = "1:9 found a number in a form that JSON does not have " +
    "(Write decimal digits alone, without a 0 before them and without _)";
  const point = "found a number with a comma in it " +
    "(Write a decimal point, as in 12.5, and nothing between thousands)";
  const cases: readonly (readonly [string, string])[] = [
    ['{ "when": "order.currency == "EUR"" }', inRule],
    [
      "{ \u201cport\u201d: 1 }",
      `1:3 found a curly quote \u201c, wanted a straight one ${straight}`,
    ],
    ['{ "a": \u201ex\u201c }', `1:8 found a curly quote \u201e, wanted a straight one ${straight}`],
    [
      '{ "a": "x\u201d, "b": 1 }',
      `1:14 found a curly quote in the text before this, where it probably was to end ${straight}`,
    ],
    ['{ # c\n "a": 1 }', `1:3 found a comment that begins with # ${slashes}`],
    ['{ "a": 1, # c\n "b": 2 }', `1:11 found a comment that begins with # ${slashes}`],
    ['{ "a": 1 -- c\n}', `1:10 found a comment that begins with -- ${slashes}`],
    ['{\u00a0"a": 1 }', `1:2 found a no-break space (U+00A0), wanted a plain space ${space}`],
    [
      '{ "a":\u202f1 }',
      `1:7 found a narrow no-break space (U+202F), wanted a plain space ${space}`,
    ],
    ['{\u200b"a": 1 }', `1:2 found an invisible space (U+200B), wanted a plain space ${space}`],
    ['{ "a": 12,5 }', `1:11 ${point}`],
    ['{ "a": 12,5, "b": 1 }', `1:11 ${point}`],
    ['{ "a" = 1 }', "1:7 found = after the key, wanted a colon (Write :)"],
    ['{ "a": 1; "b": 2 }', "1:9 found a semicolon, wanted a comma (Write ,)"],
    ['{ "a": True }', "1:8 found True, wanted true (Write true)"],
    ['{ "a": no }', "1:8 found no, wanted false (Write false)"],
    ['{ "a": 0x10 }', digits],
    ['{ "a": 05 }', digits],
    [
      '{ "a": [1, 2 }',
      "1:14 found } while a list is open (Close the list with ] first, or take the } out)",
    ],
    [
      '{ "a": { "b": 1 ], "c": 2 }',
      "1:17 found ] while an object is open (Close the object with } first, or take the ] out)",
    ],
    [
      '{ "a": [{ "b": { "c": 1 }, { "b": 2 }] }',
      "1:28 found { where a key is wanted (Close the object before it with } first)",
    ],
    [
      '```json\n{ "a": 1 }',
      "1:1 found ``` around the config (Take it out, before and behind)",
    ],
    [
      "\0\0\0\0",
      "1:1 found a zero byte, as a file has that was damaged when the machine went down " +
      "(Take the file from a backup, or write it anew)",
    ],
    [
      '"a": 1',
      "1:4 found more after the end, wanted the end of the file " +
      "(Put { before everything and } behind it)",
    ],
    [
      "server:\n  port: 80",
      "1:1 found a key without quotes " +
      '(A config is JSON, not YAML: write { "key": value }, with each key in double quotes)',
    ],
  ];
  for (const [text, expected] of cases) assertEquals(mistakesIn(text)[0], expected, text);
});

Deno.test("readSource() shows nothing of a text in which a quote stands", () => {
  const words = mistakesIn('{ "signatureKeys": ["geheim"nis-7"] }').join("\n");
  assertEquals(/geheim|nis-7/.test(words), false, words);
});

Deno.test("readSource() warns of numbers that are not read as they are written, and shows none", () => {
  const text = '{ "a": 8.10, "b": [1e3, 9007199254740993], "c": { "d": 0.12345678901234567890 } }';
  const { value, warnings, mistakes } = readSource(text);
  assertEquals(mistakes, []);
  assertEquals(warnings.map(({ path }) => path), [["b", 1], ["c", "d"]]);
  assertEquals(warnings[0]?.position, { line: 1, column: 25 });
  assertEquals(/\d{3}/.test(JSON.stringify(warnings)), false);
  assertEquals(JSON.stringify(value).startsWith('{"a":8.1,"b":[1000,'), true);
});

const TEXT = '{"a":"ü"}';

function utf16(bigEndian: boolean, mark: boolean): Uint8Array {
  const units = [...(mark ? [0xfeff] : []), ...[...TEXT].map((letter) => letter.charCodeAt(0))];
  return new Uint8Array(
    units.flatMap((unit) => bigEndian ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8]),
  );
}

Deno.test("decodeText() reads UTF-8 with and without a byte order mark", () => {
  assertEquals(decodeText(new TextEncoder().encode(TEXT)), TEXT);
  assertEquals(decodeText(new TextEncoder().encode(`\uFEFF${TEXT}`)), TEXT);
  assertEquals(decodeText(new Uint8Array()), "");
});

Deno.test("decodeText() reads UTF-16 in both orders, with and without a mark", () => {
  for (const bigEndian of [true, false]) {
    for (const mark of [true, false]) assertEquals(decodeText(utf16(bigEndian, mark)), TEXT);
  }
});

Deno.test("decodeText() refuses other bytes", () => {
  assertThrows(() => decodeText(new Uint8Array([0x7b, 0xfc])), TypeError, "as UTF-8");
});

Deno.test("readSource() tells a slip once, whatever the parser makes of the rest", () => {
  const slips = [
    '{\n "a": "b,\n "c": 1\n}',
    '{\n "a": "b\n  && c",\n "d": [1]\n}',
    '{\n "a": 1, /* b\n "c": 1\n}',
    '{\n "a": 1;\n "c": 1\n}',
    '{ "a": [\n{ "b": { "c": 1 }, { "b": 2 }] }',
  ];
  for (const text of slips) {
    assertEquals(readSource(text).mistakes.length, 1, text);
  }
});
