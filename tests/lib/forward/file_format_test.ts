import { assert, assertEquals, assertMatch, assertNotEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { EmptyTable, eventFileName, formatFile } from "../../../lib/forward/file_format.ts";
import { NAME_TEMPLATE } from "../../../lib/forward/settings.ts";
import { bytesOf, storedEvent } from "./samples.ts";

const DEFAULT = "{received}-{type}-{id}";
const part = fc.constantFrom(
  "{type}",
  "{source}",
  "{subject}",
  "{received}",
  "con",
  ".",
  "-",
  "A_1",
);
const parts = fc.array(part, { maxLength: 6 }).map((list) => list.join(""));
const template = fc.tuple(parts, parts).map(([before, after]) => `${before}{id}${after}`);
const anyText = fc.string({ unit: "binary", maxLength: 300 });
const anyEvent = fc.record({ id: anyText, type: anyText, source: anyText, subject: anyText });

Deno.test("eventFileName() is safe on every system, whatever the event", () => {
  fc.assert(fc.property(template, anyEvent, (text, event) => {
    assertMatch(text, NAME_TEMPLATE);
    const name = eventFileName(text, "json", storedEvent(event));
    assertMatch(name, /^[A-Za-z\d_][A-Za-z\d._-]{0,209}\.json$/);
    assert(!/^(?:con|prn|aux|nul|com\d|lpt\d)\./i.test(name));
  }));
});

Deno.test("eventFileName() gives no two events one name, also without regard to capitals", () => {
  fc.assert(fc.property(template, anyEvent, anyText, (text, event, otherId) => {
    fc.pre(event.id !== otherId);
    const name = eventFileName(text, "csv", storedEvent(event));
    const other = eventFileName(text, "csv", storedEvent({ ...event, id: otherId }));
    assertNotEquals(name.toLowerCase(), other.toLowerCase());
    assertEquals(eventFileName(text, "csv", storedEvent(event)), name);
  }));
  const ids = ["a/b", "a_b", "A_B", "a\u0000b"];
  const names = ids.map((id) => eventFileName(DEFAULT, "json", storedEvent({ id })).toLowerCase());
  assertEquals(new Set(names).size, ids.length);
});

Deno.test("eventFileName() keeps the whole id of an event with a long type", () => {
  const event = storedEvent({ type: "x".repeat(5000) });
  const name = eventFileName("{type}-{subject}-{id}", "json", event);
  assert(name.endsWith(`-${event.id}.json`));
  assert(name.startsWith("xxxxxxxxxx"));
});

Deno.test("eventFileName() avoids devices, hidden files, options, controls and climbing", () => {
  const nameOf = (text: string, type: string) =>
    eventFileName(text, "json", storedEvent({ id: "1", type }));
  assertEquals(nameOf("con.{id}", ""), "_con.1.json");
  assertEquals(nameOf("{type}.{id}", "NUL"), "_NUL.1.json");
  assertEquals(nameOf("{type}.{id}", "../../etc"), "_.._.._etc.1.json");
  assertEquals(nameOf("-{type}-{id}", "rf"), "_-rf-1.json");
  assertEquals(nameOf("{type}-{id}", "--help"), "_--help-1.json");
  assertEquals(nameOf("{type}-{id}", "a\0\r\n\x1b[2Jb"), "a_____2Jb-1.json");
  assertEquals(nameOf("{type}-{id}", ""), "unknown-1.json");
  assertEquals(nameOf("{type}-{id}.json", "a"), "a-1.json");
});

Deno.test("NAME_TEMPLATE wants the id once and nothing unsafe", () => {
  const wrong = ["", "{type}", "{id}-{id}", "a/{id}", "a\\{id}", "{id} ", "{other}{id}", "{id}é"];
  assertEquals(wrong.filter((text) => NAME_TEMPLATE.test(text)), []);
});

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
