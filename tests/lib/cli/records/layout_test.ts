import * as fc from "fast-check";
import { assertEquals } from "@std/assert";
import { setColorEnabled } from "@std/fmt/colors";
import { type Column, describeColumns, prettyJson } from "../../../../lib/cli/records/layout.ts";

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

const encoder = new TextEncoder();

Deno.test("prettyJson() breaks lines as JSON.stringify() does", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const compact = encoder.encode(JSON.stringify(value));
    assertEquals(prettyJson(compact), JSON.stringify(value, null, 2));
  }));
});

Deno.test("prettyJson() changes no token", () => {
  const text = '{"a":1.00,"a":12345678901234567890,"\\u0041":1e2}';
  assertEquals(
    prettyJson(encoder.encode(text)),
    '{\n  "a": 1.00,\n  "a": 12345678901234567890,\n  "\\u0041": 1e2\n}',
  );
});

Deno.test("prettyJson() gives nothing for what is not JSON, not UTF-8 or too deep", () => {
  assertEquals(prettyJson(encoder.encode("{")), undefined);
  assertEquals(prettyJson(new Uint8Array([0x22, 0xff, 0x22])), undefined);
  assertEquals(prettyJson(encoder.encode("[".repeat(300) + "]".repeat(300))), undefined);
});

Deno.test("prettyJson() takes the largest bodies", () => {
  const text = JSON.stringify({ a: "x\\n".repeat(2_000_000) });
  assertEquals(prettyJson(encoder.encode(text))?.length, text.length + 5);
});
