import { assertEquals } from "@std/assert";
import { setColorEnabled } from "@std/fmt/colors";
import * as fc from "fast-check";
import { type Column, describeColumns } from "../../../../lib/cli/records/columns.ts";

interface Row {
  readonly id: string;
  readonly shopper: string;
  readonly total: string;
  readonly rule: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { head: "ID", cell: ({ id }) => id },
  { head: "SHOPPER", cell: ({ shopper }) => shopper },
  { head: "TOTAL", cell: ({ total }) => total, isNumber: true },
  { head: "RULE", cell: ({ rule }) => rule },
];

const ROWS: readonly Row[] = [
  { id: "0198fc2e", shopper: "ann@example.com", total: "9.00", rule: "large" },
  { id: "0198fc2f", shopper: "", total: "", rule: "" },
];

Deno.test("describeColumns() breaks rows that are wider than the terminal between columns", () => {
  setColorEnabled(false);
  assertEquals(
    describeColumns(COLUMNS, ROWS, 27),
    [
      "ID        SHOPPER\n  TOTAL  RULE",
      "0198fc2e  ann@example.com\n   9.00  large",
      "0198fc2f  ",
    ].map((line) => line),
  );
});

Deno.test("describeColumns() keeps to the width wherever a column fits into it", () => {
  setColorEnabled(false);
  const text = fc.string({ unit: "grapheme-ascii", maxLength: 30 });
  const rows = fc.array(fc.record({ id: text, shopper: text, total: text, rule: text }));
  fc.assert(fc.property(rows, fc.integer({ min: 32, max: 120 }), (rows, width) => {
    const lines = describeColumns(COLUMNS, rows, width).flatMap((row) => row.split("\n"));
    assertEquals(lines.filter((line) => line.length > width), []);
  }));
});
