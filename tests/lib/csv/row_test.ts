import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { guardFormula } from "../../../lib/csv/formula.ts";
import { csvRow } from "../../../lib/csv/row.ts";

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
    assertEquals(cell.replace(/^'/, ""), (start + text).replace(/^'/, ""));
  }));
});

Deno.test("csvRow() writes what RFC 4180 reads", () => {
  const cells = fc.array(fc.string({ unit: "binary" }).map((text) => `x${text}`), { minLength: 1 });
  fc.assert(fc.property(cells, (row) => assertEquals(read(csvRow(row)), row)));
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
