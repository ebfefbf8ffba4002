import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as fc from "fast-check";
import { decodeSheet } from "../../../../lib/rules/tables/encoding.ts";
import { fitsCell } from "../../../../lib/rules/tables/cell.ts";
import { parseCell } from "../../../../lib/rules/tables/parse_cell.ts";
import { readSheet } from "../../../../lib/rules/tables/sheet.ts";
import { atOnce } from "../../../../lib/util/waiting.ts";

const CELLS = [["Stadt", "Gruppe"], ["Köln", "7"], ["zwei\nZeilen", "8"], ['"Zitat"', "9"]];

function textOf(separator: string, lineEnd = "\r\n"): string {
  return CELLS.map((cells) =>
    cells.map((cell) => /["\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
      .join(separator)
  ).join(lineEnd) + lineEnd;
}

function utf16(text: string, isLittle: boolean): Uint8Array {
  const bytes = new Uint8Array(2 * text.length);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < text.length; index++) {
    view.setUint16(2 * index, text.charCodeAt(index), isLittle);
  }
  return bytes;
}

function ansi(text: string): Uint8Array {
  return Uint8Array.from(text, (sign) => sign.charCodeAt(0));
}

const utf8 = (text: string) => new TextEncoder().encode(text);

const FORMS: readonly (readonly [name: string, bytes: (text: string) => Uint8Array])[] = [
  ["UTF-8", utf8],
  ["UTF-8 with a mark", (text) => utf8(`\uFEFF${text}`)],
  ["UTF-16 LE with a mark", (text) => utf16(`\uFEFF${text}`, true)],
  ["UTF-16 BE with a mark", (text) => utf16(`\uFEFF${text}`, false)],
  ["UTF-16 LE", (text) => utf16(text, true)],
  ["UTF-16 BE", (text) => utf16(text, false)],
  ["ANSI", ansi],
];

for (const [name, encode] of FORMS) {
  for (const separator of [",", ";", "\t"]) {
    for (const lineEnd of ["\r\n", "\n", "\r"]) {
      const shown = JSON.stringify(separator + lineEnd);
      Deno.test(`readSheet() reads ${name} with ${shown}`, () => {
        const decoded = decodeSheet(encode(textOf(separator, lineEnd)));
        assert("text" in decoded);
        const sheet = atOnce(readSheet(decoded.text));
        assertEquals(sheet.mistakes, []);
        assertEquals(sheet.separator, separator);
        assertEquals([sheet.columns, ...sheet.records.map(({ cells }) => cells)], CELLS);
        assertEquals(sheet.records.map(({ line, number }) => [line, number]), [
          [2, 2],
          [3, 3],
          [5, 4],
        ]);
        assertEquals(decoded.guess !== undefined, name === "ANSI");
      });
    }
  }
}

Deno.test("readSheet() takes the separator that the first line names", () => {
  const sheet = atOnce(readSheet("sep=;\r\na,b;c\r\n1,5;2\r\n"));
  assertEquals(sheet.columns, ["a,b", "c"]);
  assertEquals(sheet.records, [{ line: 3, number: 2, cells: ["1,5", "2"] }]);
});

Deno.test("readSheet() passes over empty lines and columns at the end", () => {
  const sheet = atOnce(readSheet("a;b;;\n1;2;;\n;;;\n\n3;4;;\n;;;\n"));
  assertEquals(sheet.mistakes, []);
  assertEquals(sheet.records.map(({ line }) => line), [2, 5]);
});

Deno.test("readSheet() drops what is not seen at the ends of cells", () => {
  const { columns, records } = atOnce(
    readSheet("\u200fעיר\u200f, b\u00a0\n\u202bחיפה\u202c,\u200b1\n"),
  );
  assertEquals([columns, records[0]?.cells], [["עיר", "b"], ["חיפה", "1"]]);
});

const BROKEN: readonly (readonly [text: string, line: number, message: string])[] = [
  ["", 1, "empty"],
  ["\n\n", 1, "empty"],
  ["a,a\n1,2\n", 1, 'column "a" (cell B1) has the name of that in cell A1'],
  ["a,b\n1,2,3\n", 2, 'found "3" in cell C2, in a column without a name'],
  ['a,b\n1,"x\n2,y\n', 2, "whose quotes never end"],
  ['a,b\n1,"x"y\n', 2, "behind the quotes"],
];

for (const [text, line, message] of BROKEN) {
  Deno.test(`readSheet() tells what is wrong with ${JSON.stringify(text)}`, () => {
    const { mistakes } = atOnce(readSheet(text));
    assertEquals(mistakes.length, 1, JSON.stringify(mistakes));
    assertEquals(mistakes[0]?.line, line);
    assertStringIncludes(mistakes[0]?.message ?? "", message);
  });
}

Deno.test("decodeSheet() tells a workbook and other code pages from a sheet", () => {
  const workbook = decodeSheet(new Uint8Array([0x50, 0x4b, 3, 4]));
  assert("hint" in workbook);
  assertStringIncludes(workbook.hint, "storehook table convert");
  const greek = decodeSheet(new Uint8Array([0x61, 0x81, 0x9d]));
  assert("message" in greek);
  const hebrew = decodeSheet(new Uint8Array([0xe0, 0xe1]), "windows-1255");
  assertEquals(hebrew, { text: "אב" });
  assert("message" in decodeSheet(new Uint8Array([0xff]), "utf-8"));
});

Deno.test("decodeSheet() tells a guess that no language writes from one that may be right", () => {
  const hebrew = decodeSheet(Uint8Array.from("a;\xf7\xe5\xf4\xf1\xe4", (one) => one.charCodeAt(0)));
  assert("text" in hebrew);
  assertEquals(hebrew.guess?.isOdd, true);
  const french = decodeSheet(Uint8Array.from("cr\xe9\xe9e;No\xebl", (one) => one.charCodeAt(0)));
  assert("text" in french);
  assertEquals(french.guess, { line: 1, sample: "créée", isOdd: false });
});

Deno.test("no bytes and no cell make reading a table throw", () => {
  const signs = fc.constantFrom(..."\"',;\t\r\n|!~*<>=.…()[]\\0159-aä€א\uFEFF\u200f \0");
  const cellText = fc.array(signs, { maxLength: 12 }).map((all) => all.join(""));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    const decoded = decodeSheet(bytes);
    if ("text" in decoded) atOnce(readSheet(decoded.text));
  }));
  fc.assert(
    fc.property(fc.array(cellText, { maxLength: 20 }), (cells) => {
      const { columns, records, mistakes } = atOnce(readSheet(`a;b\n${cells.join(";")}`));
      assert(columns.length > 0 && (records.length > 0 || mistakes.length >= 0));
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(
      cellText,
      fc.constantFrom(
        "number" as const,
        "text" as const,
        "bool" as const,
        "date" as const,
        "time" as const,
      ),
      fc.boolean(),
      (text, type, hasDecimalComma) => {
        const parsed = parseCell(text, type, { hasDecimalComma });
        if ("message" in parsed) assert(parsed.message !== "");
        else fitsCell(parsed, type === "number" ? 1 : type === "bool" ? true : text);
      },
    ),
    { numRuns: 3000 },
  );
});
