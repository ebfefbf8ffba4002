import { assertEquals, assertThrows } from "@std/assert";
import { decodeText } from "../../../../lib/config/file/decode_text.ts";

const TEXT = '{"a":"ü"}';

function utf16(bigEndian: boolean, mark: boolean): Uint8Array {
  const units = [...(mark ? [0xfeff] : []), ...[...TEXT].map((letter) => letter.charCodeAt(0))];
  return new Uint8Array(
    units.flatMap((unit) => bigEndian ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8]),
  );
}

Deno.test("decodeText() reads UTF-8 with and without a byte order mark", () => {
  assertEquals(decodeText(new TextEncoder().encode(TEXT)), TEXT);
  assertEquals(decodeText(new TextEncoder().encode(`\uFEFF${TEXT}`)), TEXT);
  assertEquals(decodeText(new Uint8Array()), "");
});

Deno.test("decodeText() reads UTF-16 in both orders, with and without a mark", () => {
  for (const bigEndian of [true, false]) {
    for (const mark of [true, false]) assertEquals(decodeText(utf16(bigEndian, mark)), TEXT);
  }
});

Deno.test("decodeText() refuses other bytes", () => {
  assertThrows(() => decodeText(new Uint8Array([0x7b, 0xfc])), TypeError, "as UTF-8");
});
