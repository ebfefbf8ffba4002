import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type CellType, type CellValue, fitsCell } from "../../../../lib/rules/tables/cell.ts";
import { parseCell } from "../../../../lib/rules/tables/parse_cell.ts";

const POINT = { hasDecimalComma: false };
const COMMA = { hasDecimalComma: true };

/** What fits a cell, and what does not. */
type Fits = readonly [
  cell: string,
  type: CellType,
  fits: readonly CellValue[],
  others: readonly CellValue[],
];

const FITS: readonly Fits[] = [
  ["", "text", ["", "x"], []],
  [" * ", "number", [0, -5], []],
  ["NY", "text", ["NY"], ["ny", "NYC", ""]],
  ["= NY", "text", ["NY"], ["= NY"]],
  ['="01067"', "text", ["01067"], ["1067", '"01067"']],
  ["=> 5", "number", [5, 6], [4]],
  ["NY | NJ", "text", ["NY", "NJ"], ["NY | NJ", "CA"]],
  ["75*", "text", ["75", "75001"], ["175", ""]],
  ["75* | 92*|78000", "text", ["75001", "92100", "78000"], ["78001"]],
  ["!DE", "text", ["AT", "", "de"], ["DE"]],
  ["<> DE", "text", ["AT"], ["DE"]],
  ["!(DE | AT)", "text", ["CH"], ["DE", "AT"]],
  ["! ( 75* | 92* )", "text", ["10115"], ["75001", "92100"]],
  ["!75*", "text", ["10115"], ["75001"]],
  ["~ ^LF-\\d+", "text", ["LF-7", "LF-12-A"], ["XLF-7", "LF-"]],
  ["~ ^(A|B)$", "text", ["A", "B"], ["AB"]],
  ["!~ ^LF", "text", ["XL"], ["LF-7"]],
  ['"*"', "text", ["*"], ["x", ""]],
  ['""', "text", [""], ["x", '""']],
  ['!""', "text", ["x"], [""]],
  ['"NY | NJ"', "text", ["NY | NJ"], ["NY"]],
  ['"say ""x"""', "text", ['say "x"'], ["x"]],
  ['">= 5" | B', "text", [">= 5", "B"], ["5"]],
  ['12" | 24"', "text", ['12"', '24"'], ['12" | 24"']],
  ['12" x 18" | 24 | ""', "text", ['12" x 18"', "24", ""], ['12"']],
  ['!(12" | 24)', "text", ["36"], ['12"', "24"]],
  ['"A | ""B""" | = "C | D"', "text", ['A | "B"', "C | D"], ["A", "D"]],
  ['"""A | B""" | C', "text", ['"A | B"', "C"], ["A", "B"]],
  ["== NY | == NJ", "text", ["NY", "NJ"], ["= NY", "== NY"]],
  ["== 5", "number", [5], [4]],
  ["01000..09999", "text", ["01000", "04109", "09999"], ["10000", "0410", "041090", "04A09"]],
  ["2026-01-01..2026-12-31", "text", ["2026-01-01", "2026-12-31T23:59:59"], ["2027-01-01", "x"]],
  ["אילת | חיפה", "text", ["חיפה"], ["תל אביב"]],
  ["100..500", "number", [100, 250.5, 500], [99.99, 500.01]],
  ["-5..-1", "number", [-5, -1], [0, -6]],
  ["..500", "number", [-9, 500], [501]],
  ["100..", "number", [100, 1e9], [99]],
  ["100…200", "number", [150], [201]],
  [">= 1000", "number", [1000], [999.99]],
  ["≥1000", "number", [1000], [999.99]],
  ["> 1000", "number", [1000.01], [1000]],
  ["<= 0", "number", [0, -1], [0.01]],
  ["<1000", "number", [999], [1000]],
  ["!(100..500)", "number", [99, 501], [100, 300]],
  ["!0", "number", [1], [0]],
  ["1 | 5 | 10..20", "number", [1, 5, 15], [2, 21]],
  ["0.10", "number", [0.1], [0.11]],
  ["−5", "number", [-5], [5]],
  ["WAHR", "bool", [true], [false]],
  ["false", "bool", [false], [true]],
  ["!TRUE", "bool", [false], [true]],
  ["24.12.2026", "date", ["2026-12-24"], ["2026-12-25"]],
  [">= 2026-12-24", "date", ["2026-12-24", "2027-01-01"], ["2026-12-23"]],
  ["2026-12-24", "time", ["2026-12-24T00:00:00", "2026-12-24T23:59:59"], ["2026-12-25T00:00:00"]],
  ["..24.12.2026", "time", ["2026-12-24T23:59:59"], ["2026-12-25T00:00:00"]],
  ["> 2026-12-24", "time", ["2026-12-25T00:00:00"], ["2026-12-24T12:00:00"]],
  ["< 2026-12-24", "time", ["2026-12-23T23:59:59"], ["2026-12-24T00:00:00"]],
  [
    "2026-12-24 08:00..2026-12-24",
    "time",
    ["2026-12-24T08:00:00", "2026-12-24T23:59:59"],
    ["2026-12-24T07:59:59", "2026-12-25T00:00:00"],
  ],
  ["2026-12-24 08:00..2026-12-24 18:00", "time", ["2026-12-24T18:00:30"], ["2026-12-24T18:01:00"]],
];

for (const [cell, type, fits, others] of FITS) {
  Deno.test(`parseCell() reads ${JSON.stringify(cell)} as ${type}`, () => {
    const condition = parseCell(cell, type, POINT);
    assert(!("message" in condition), JSON.stringify(condition));
    for (const value of fits) assert(fitsCell(condition, value), `${value} fits`);
    for (const value of others) assert(!fitsCell(condition, value), `${value} does not fit`);
  });
}

const MISTAKES:
  readonly (readonly [cell: string, type: CellType, message: string, hint: string])[] = [
    ["1.000,50", "number", "separators of thousands", "Write 1000.50"],
    ["1,000", "number", "in two ways", "Write 1000, or 1.0000"],
    ["1 000", "number", "separators of thousands", "Write 1000"],
    ["1'000.50", "number", "separators of thousands", "Write 1000.50"],
    ["1,000,000", "number", "separators of thousands", "Write 1000000"],
    ["99,90", "number", "decimal point", "Write 99.90"],
    ["100-500", "number", "wanted a number", "Write 100..500"],
    ["100 bis 500", "number", "wanted a number", "Write 100..500"],
    ["€ 100", "number", "wanted a number", "alone: 100"],
    ["19 %", "number", "wanted a number", "alone: 19"],
    ["> 500 & < 1000", "number", "wanted a number", "500..1000"],
    ["> 500 und < 1000", "number", "wanted a number", "500..1000"],
    ["many", "number", "wanted a number", ""],
    [">= ", "number", "wanted a number", "Write a number there, as in >= 1000"],
    ["1..2..3", "number", "wanted a number", "A range has two ends, as in 100..500"],
    ["500..100", "number", "in which nothing is", "Write the smaller end first: 100..500"],
    ["75*", "number", "beginnings fit texts", "Write a range"],
    ["~ 5", "number", "patterns fit texts", ""],
    ["12345678901234567", "number", "more than 15 digits", "string(…)"],
    ["..", "number", "found", "100..500"],
    ["!DE | AT", "text", "in two ways", "Write !(DE | AT)"],
    ["DE | !AT", "text", "in two ways", ""],
    ["NY |", "text", "nothing beside", '""'],
    ["!", "text", "which nothing fits", "!DE"],
    ["*75", "text", "at the end alone", "~ ^.*75$"],
    ["A..F", "text", "no such ranges", "number(…)"],
    [">= 100", "text", "no such ranges", "number(…)"],
    ["100..99999", "text", "as many digits", "01000..09999"],
    ["~ (?!x)", "text", "Cannot read the pattern", "RE2 has no lookahead"],
    ["~", "text", "without a pattern", "~ ^LF"],
    ['"x', "text", "do not end", '""'],
    ["4,00123E+12", "text", "shortened a long number", "as text"],
    ["x", "bool", "wanted true or false", "Write true"],
    ["nein", "bool", "wanted true or false", "Write false"],
    ["1..2", "bool", "ranges fit numbers", ""],
    ["12/24/2026", "date", "wanted a date", "2026-12-24"],
    ["31.02.2026", "date", "that there is", ""],
  ];

for (const [cell, type, message, hint] of MISTAKES) {
  Deno.test(`parseCell() tells what is wrong with ${JSON.stringify(cell)} as ${type}`, () => {
    const mistake = parseCell(cell, type, POINT);
    assert("message" in mistake, JSON.stringify(mistake));
    assertStringIncludes(mistake.message, message);
    assertStringIncludes(mistake.hint ?? "", hint);
  });
}

Deno.test("parseCell() reads the decimal comma where semicolons separate cells", () => {
  assertEquals(parseCell("99,90", "number", COMMA), { kind: "value", value: 99.9 });
  assertEquals(parseCell("0,125", "number", COMMA), { kind: "value", value: 0.125 });
  assertEquals(parseCell("99.9", "number", COMMA), { kind: "value", value: 99.9 });
  for (const cell of ["1.000", "1,000", "1.000,00"]) {
    assert("message" in parseCell(cell, "number", COMMA), cell);
  }
});
