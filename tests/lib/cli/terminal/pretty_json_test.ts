import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { prettyJson } from "../../../../lib/cli/terminal/pretty_json.ts";

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
