import { assertEquals, assertNotMatch } from "@std/assert";
import fc from "fast-check";
import type { ExportedList } from "../../../lib/exports/exported_list.ts";
import { listCsv } from "../../../lib/exports/formats.ts";
import { parseCsv } from "./parse_csv.ts";
import { LIST } from "./sample.ts";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."=+-@＝'\",;\t\r\n a1\uFEFF") }),
);
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const item = fc.record({
  id: text,
  product: text,
  catalogNumber: text,
  nickname: text,
  quantity: fc.option(number),
  notes: fc.array(fc.record({ level: fc.constantFrom("note", "warning", "error"), text })),
});

/** The cells of an item before they are made safe. */
function cellsOf(
  { product, catalogNumber, nickname, quantity, notes }: ExportedList["items"][number],
) {
  const [errors, warnings, others] = ["error", "warning", "note"].map((level) =>
    notes.filter((note) => note.level === level).map((note) => note.text).join("\n")
  );
  return [product, catalogNumber, nickname, quantity, errors, warnings, others];
}

Deno.test("listCsv() comes back as it was, but for the apostrophes", () => {
  fc.assert(fc.property(fc.array(item), (items) => {
    const csv = listCsv({ ...LIST, items });
    assertEquals(csv[0], "\uFEFF");
    const [, ...rows] = parseCsv(csv.slice(1));
    assertEquals(rows.map((row) => row.length), items.map(() => 7));
    items.flatMap(cellsOf).forEach((given, index) => {
      const found = rows.flat()[index] ?? "missing";
      if (typeof given !== "string") return assertEquals(found, String(given ?? ""));
      assertEquals(found.replaceAll("'", ""), given.replaceAll("'", ""));
      assertNotMatch(found, /^[=+\-@\t\r\n＝＋－＠]|[;\t\r\n]["\s]*[=@＝＋－＠]/);
    });
  }));
});

Deno.test("listCsv() writes the exact bytes: a line an item, with notes by level", () => {
  assertEquals(
    listCsv(LIST),
    [
      "\uFEFFproduct,catalogNumber,nickname,quantity,errors,warnings,notes",
      "Business card,BC-001,Müller’s cards,1250,,,",
      `"Brochure, A4",,"'=HYPERLINK(""http://x"")",-2.5,Not available,` +
      `"Inventory is low\nShipping will be split",'@home`,
      ",,,,,,",
      "",
    ].join("\r\n"),
  );
  assertEquals(parseCsv(listCsv({ ...LIST, items: [] })).length, 1);
});
