import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { LARGEST_ID } from "../../../handlers/ustore/settings.ts";
import { parseManufacturerConfiguration } from "../../../handlers/ustore/routing.ts";
import { parseApprovalConfiguration } from "../../../handlers/ustore/order_approval.ts";

const id = fc.nat({ max: LARGEST_ID });
const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);

Deno.test("parseApprovalConfiguration() reads what it wrote", () => {
  fc.assert(fc.property(fc.boolean(), id, (isApprovalNeeded, group) => {
    const text = `${isApprovalNeeded};${group}`;
    assertEquals(parseApprovalConfiguration(text), { isApprovalNeeded, group });
  }));
});

Deno.test("parseApprovalConfiguration() ignores case, white space and a last semicolon", () => {
  const needed = fc.constantFrom("true", "True", "TRUE");
  const end = fc.constantFrom("", ";");
  fc.assert(fc.property(needed, id, end, fc.array(space, { minLength: 5, maxLength: 5 }), (
    word,
    group,
    end,
    [a, b, c, d, e],
  ) => {
    const text = `${a}${word}${b};${c}${group}${d}${end}${e}`;
    assertEquals(parseApprovalConfiguration(text), { isApprovalNeeded: true, group });
  }));
});

Deno.test("parseManufacturerConfiguration() reads what it wrote", () => {
  const position = fc.integer({ min: 1, max: 999_999 });
  const pair = fc.tuple(position, id.map(String));
  const pairs = fc.uniqueArray(pair, { minLength: 1, selector: ([position]) => position });
  fc.assert(fc.property(pairs, fc.constantFrom("", ";", " ; "), space, (pairs, end, space) => {
    const text = pairs.map(([position, id]) => `${position}:${space}${id}`).join(`;${space}`);
    assertEquals(parseManufacturerConfiguration(text + end), new Map(pairs));
  }));
});

Deno.test("parse functions of custom configurations read any text without throwing", () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9:; truefals]*$/));
  fc.assert(fc.property(text, (text) => {
    const approval = parseApprovalConfiguration(text);
    const manufacturer = parseManufacturerConfiguration(text);
    const says = text.replace(/\s/g, "");
    if (approval !== undefined) assertEquals(/^(?:false|(?:true|false);\d+);?$/i.test(says), true);
    if (manufacturer !== undefined) assertEquals(/^(\d+:\d+;)*\d+:\d+;?$/.test(says), true);
  }));
});

Deno.test("parse functions of custom configurations are quick with long texts", () => {
  const spaces = " ".repeat(1_000_000);
  for (const text of [`true;1${spaces}x`, `true;1;${spaces}x`, `${spaces}x`, ";".repeat(300_000)]) {
    assertEquals(parseApprovalConfiguration(text), undefined);
    assertEquals(parseManufacturerConfiguration(text), undefined);
  }
  assertEquals(parseManufacturerConfiguration(`1:2;${spaces}`), new Map([[1, "2"]]));
});
