import { eventFileName } from "../../../lib/forward/file_name.ts";
import { NAME_TEMPLATE } from "../../../lib/forward/settings.ts";
import { storedEvent } from "./samples.ts";
import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import * as fc from "fast-check";

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
