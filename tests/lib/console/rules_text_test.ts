import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { parse } from "jsonc-parser";
import { cutRules, putRules } from "../../../lib/console/editing/rules_text.ts";

/** What may stand between two signs of a config. */
const space = fc.array(
  fc.constantFrom(" ", "\n", "\r\n", "\t", "// a ] comment {\n", "/* [ \n */"),
  { maxLength: 3 },
).map((parts) => parts.join(""));

/** A list of rules as somebody writes it. */
const written = fc.tuple(space, fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 4 }), space)
  .map(
    ([before, rules, after]) =>
      `[${before}${rules.map((rule) => JSON.stringify(rule)).join(`,${before}`)}${after}]`,
  );

const config = fc.record({
  spaces: fc.array(space, { minLength: 5, maxLength: 5 }),
  first: written,
  second: written,
}).map(({ spaces: [a, b, c, d, e], first, second }) => ({
  text: `${a}{${b}"endpoints":${c}[{"path":"/a",${d}"rules":${first}},` +
    `{"rules":${e}${second},"path":"/b"}${d}],}${a}`,
  first,
  second,
}));

Deno.test("what is cut out and put back leaves a config byte by byte as it was", () => {
  fc.assert(fc.property(config, ({ text, first, second }) => {
    assertEquals([cutRules(text, "/a")?.text, cutRules(text, "/b")?.text], [first, second]);
    // A file ends its lines in one way; one that does not is given one.
    const isMixed = text.includes("\r\n") && /(?<!\r)\n/.test(text);
    if (!isMixed) assertEquals(putRules(text, "/b", second), text);
  }));
});

Deno.test("other rules change nothing around them, and stand where they are told to", () => {
  fc.assert(fc.property(config, written, ({ text, first, second }, other) => {
    const put = putRules(text, "/a", other) ?? "";
    const at = text.indexOf(first, text.indexOf('"/a"'));
    assertEquals(put.slice(0, at), text.slice(0, at));
    assertEquals(put.endsWith(text.slice(at + first.length)), true);
    assertEquals(cutRules(put, "/b")?.text, second);
    assertEquals(parse(cutRules(put, "/a")?.text ?? ""), parse(other));
  }));
});

Deno.test("the first line of the rules is that of the file", () => {
  const text = '{\n "endpoints": [\n  { "path": "/a", "rules": [\n 1\n] }\n ]\n}';
  const found = cutRules(text, "/a");
  assertEquals([found?.firstLine, found?.firstColumn], [3, 28]);
  assertEquals(text.split("\n")[2]?.slice(27), "[");
});

Deno.test("lines end as those of the file do, whatever a browser sends", () => {
  const file = '{"endpoints":[\r\n{"path":"/a","rules":[]}]}\r\n';
  assertEquals(
    putRules(file, "/a", "[\n1,\r\n2]\n"),
    '{"endpoints":[\r\n{"path":"/a","rules":[\r\n1,\r\n2]}]}\r\n',
  );
});

Deno.test("an endpoint without rules gets its first ones, and its comments stay where they are", () => {
  const rules = '[\n  { "name": "a" }\n]';
  const file =
    '{\n "endpoints": [\n  {\n   // The store.\n   "path": "/a", // sends here\n  }\n ]\n}';
  const found = cutRules(file, "/a");
  assertEquals([found?.text, found?.firstLine, found?.firstColumn], ["[]", 5, 13]);
  const put = putRules(file, "/a", rules) ?? "";
  assertEquals(put, file.replace('"path"', `"rules": ${rules},\n   "path"`));
  assertEquals(cutRules(put, "/a")?.text, rules);
  const short = '{"endpoints":[{"kind":"x","path":"/a"}]}';
  assertEquals(
    putRules(short, "/a", "[]"),
    '{"endpoints":[{"kind":"x","rules": [], "path":"/a"}]}',
  );
});

Deno.test("rules that do not stand in a file cannot be cut out of it", () => {
  for (
    const text of [
      "",
      "[]",
      "null",
      '{"endpoints":{}}',
      '{"endpoints":[1]}',
      '{"endpoints":[{"path":"/a","rules":"${file:rules.json}"}]}',
      '{"endpoints":[{"path":"/b","rules":[]}]}',
    ]
  ) assertEquals([cutRules(text, "/a"), putRules(text, "/a", "[]")], [undefined, undefined], text);
});
