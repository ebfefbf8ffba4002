import { assertEquals } from "@std/assert";
import { readSource } from "../../../../lib/config/file/source.ts";

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
    ['{"a":"b}\n', "1:6 found text without its closing quote"],
    ['{"a":1} /* b', "1:9 found a comment without its closing */"],
    [
      '{"a":"C:\\Store"}',
      "1:6 found a backslash before a character that can't follow it " +
      "(Write a backslash twice, as in C:\\\\Storehook)",
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

Deno.test("readSource() refuses what nests too deeply, and places it", () => {
  const deep = `{"a": "[[",\n ${'"b": '}${"[".repeat(3000)}${"]".repeat(3000)}}`;
  assertEquals(readSource(deep).mistakes, [{
    path: [],
    position: { line: 2, column: 106 },
    message: "nests too deeply, wanted at most 100 objects and lists in each other",
  }]);
  assertEquals(readSource("[".repeat(100) + "]".repeat(100)).mistakes, []);
});
