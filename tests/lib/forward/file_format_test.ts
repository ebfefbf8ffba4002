import { EmptyTable, formatFile } from "../../../lib/forward/file_format.ts";
import { bytesOf } from "./samples.ts";
import { assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";

function written(format: "json" | "jsonl" | "csv", payload: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(formatFile(format, bytesOf(payload)));
}

Deno.test("formatFile() writes json as it came", () => {
  const payload = '{\r\n "total": 20.00 }';
  assertEquals(written("json", payload), payload);
});

Deno.test("formatFile() writes jsonl as one line of the same JSON", () => {
  fc.assert(fc.property(fc.json(), fc.integer({ min: 0, max: 4 }), (json, spaces) => {
    const value: unknown = JSON.parse(json);
    const line = written("jsonl", JSON.stringify(value, null, spaces).replaceAll("\n", "\r\n"));
    assertEquals(line.match(/[\r\n]/g)?.length, 1);
    assertEquals(line.at(-1), "\n");
    assertEquals(JSON.parse(line), value);
  }));
  assertEquals(written("jsonl", '{\n"a":\r\n1.50}'), '{ "a":  1.50}\n');
});

Deno.test("formatFile() writes csv as a table of the scalar fields", () => {
  const payload =
    '{"id":"A,1","total":20.00,"n":12345678901234567890,"less":-5,"ok":true,"no":null,"list":[1],"o":{}}';
  assertEquals(
    written("csv", payload),
    '\uFEFFid,total,n,less,ok,no,list\r\n"A,1",20.00,12345678901234567890,-5,true,,1\r\n',
  );
});

Deno.test("formatFile() writes no formula into csv", () => {
  assertEquals(written("csv", '{"=1":"=HYPERLINK(1)"}'), "\uFEFF'=1\r\n'=HYPERLINK(1)\r\n");
});

Deno.test("formatFile() writes csv of what is no object too", () => {
  assertEquals(written("csv", ' "a" '), "\uFEFFvalue\r\na\r\n");
});

Deno.test("formatFile() writes no csv that holds nothing", () => {
  for (const payload of ["{}", "[]", '{"a":{"b":[]}}', "[{}]"]) {
    assertThrows(() => written("csv", payload), EmptyTable);
  }
});

Deno.test("formatFile() writes a row of csv for each line of an order, with its totals", () => {
  const order = {
    order_id: "DEMO-1",
    summary: { total: { value: 20.5, currency_code: "USD" } },
    coupons: [{ code: "A" }],
    items: [
      { merchant_item_id: "X", quantity: 2, cost: { value: 10 } },
      { merchant_item_id: "=Y", options: [{ label: "size" }] },
    ],
  };
  assertEquals(
    written("csv", JSON.stringify(order).replace("20.5", "20.50")),
    "\uFEFForder_id,summary.total.value,summary.total.currency_code,items.merchant_item_id," +
      "items.quantity,items.cost.value\r\n" +
      "DEMO-1,20.50,USD,X,2,10\r\nDEMO-1,20.50,USD,'=Y,,\r\n",
  );
});
