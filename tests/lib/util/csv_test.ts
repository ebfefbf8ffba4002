import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { csvRow, guardFormula } from "../../../lib/util/csv.ts";
import { isJsonNumber, parseExactJson } from "../../../lib/util/json_text.ts";

Deno.test("csvRow() leaves plain cells as they are", () => {
  assertEquals(csvRow(["a", 1.5, null, "", "ü"]), "a,1.5,,,ü\r\n");
});

Deno.test("csvRow() quotes what would break a line, and spaces at the ends", () => {
  assertEquals(
    csvRow(["a,b", 'a"b', "a\nb", "a\rb", " a", "a "]),
    '"a,b","a""b","a\nb","a\rb"," a","a "\r\n',
  );
});

Deno.test("guardFormula() guards every start of a formula", () => {
  const starts = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u200b="];
  for (const start of starts) assertEquals(guardFormula(`${start}1`), `'${start}1`);
  for (const text of ["", "a=1", "{}", "1-2", " a", "'=1"]) assertEquals(guardFormula(text), text);
});

Deno.test("csvRow() never writes a text that a spreadsheet takes for a formula", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.constantFrom("", "=", "+", "@", "\t"), (
    text,
    start,
  ) => {
    const [cell = ""] = read(csvRow([start + text]));
    assertEquals(/^[\s]*[=+\-@]/.test(cell), false);
    assertEquals(cell.replaceAll("'", ""), (start + text).replaceAll("'", ""));
  }));
});

Deno.test("csvRow() writes what RFC 4180 reads", () => {
  const plain = fc.string({ unit: "binary" }).map((text) => `x${text.replace(/[=+\-@]/g, "")}`);
  const cells = fc.array(plain, { minLength: 1 });
  fc.assert(fc.property(cells, (row) => assertEquals(read(csvRow(row)), row)));
});

Deno.test("guardFormula() guards what begins behind a separator or the end of a line", () => {
  const guarded = [
    ["x;=1+1", "x;'=1+1"],
    ["x; =1", "x; '=1"],
    ['x;"=1"', 'x;"\'=1"'],
    ["a\t@b\r\n-c", "a\t'@b\r\n'-c"],
    ["a\n＝1", "a\n'＝1"],
    ["=1;=1", "'=1;'=1"],
    ["a;\u200b+b;;;\n=c", "a;\u200b'+b;;;\n'=c"],
  ] as const;
  for (const [text, safe] of guarded) assertEquals(guardFormula(text), safe);
  for (const text of ["1;-2;+3,5\n-4", "a;b=c", "a; b", "a\n'=1"]) {
    assertEquals(guardFormula(text), text);
  }
});

Deno.test("csvRow() runs no formula either where semicolons separate and quotes are plain", () => {
  const unit = fc.constantFrom(...'=+-@;,\t\n\r" x1＝\u200b');
  fc.assert(fc.property(fc.array(fc.string({ unit }), { minLength: 1 }), (row) => {
    for (const cell of csvRow(row).split(/[;\t\r\n]/)) {
      assertEquals(/^["\s\u200b]*[=@＝]/.test(cell), false, cell);
    }
  }));
});

Deno.test("guardFormula() takes time in proportion to the text", () => {
  const startedAt = performance.now();
  guardFormula(";\n\t ".repeat(500_000));
  assert(performance.now() - startedAt < 10_000);
});

Deno.test("csvRow() writes a number with its own text", () => {
  const numbers = parseExactJson("[-12.50,-1e400,9007199254740993,-0]");
  const row = Array.isArray(numbers) ? numbers.filter(isJsonNumber) : [];
  assertEquals(csvRow(row), "-12.50,-1e400,9007199254740993,-0\r\n");
});

/** Reads one line by the grammar of RFC 4180. */
function read(line: string): string[] {
  const cells: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n$)/gy;
  for (let match = pattern.exec(line); match !== null; match = pattern.exec(line)) {
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
  }
  return cells;
}
