import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { formsOf } from "../../../../lib/auth/emporix/forms.ts";

const MAX_REWRITTEN_BYTES = 2_097_152;

function shownForms(body: string | Uint8Array<ArrayBuffer>): readonly string[] {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return [...formsOf(bytes)].map((form) => `${form.name}: ${new TextDecoder().decode(form.bytes)}`);
}

Deno.test("formsOf() gives three forms of unsorted JSON with a number JavaScript rewrites", () => {
  assertEquals(shownForms('{"b":2.0,"a":-0}'), [
    'raw bytes: {"b":2.0,"a":-0}',
    'stable form: {"a":0,"b":2}',
    'canonical form: {"a":-0,"b":2.0}',
  ]);
});

Deno.test("formsOf() leaves out what equals an earlier form", () => {
  assertEquals(shownForms('{"a":2}'), ['raw bytes: {"a":2}']);
  assertEquals(shownForms('{"a": 2}'), ['raw bytes: {"a": 2}', 'stable form: {"a":2}']);
  assertEquals(shownForms('{"a":2.0}'), ['raw bytes: {"a":2.0}', 'stable form: {"a":2}']);
});

Deno.test("formsOf() doesn't let the signature of a null pass for a number", () => {
  assertEquals(shownForms('{"b":1e999,"a":1}'), [
    'raw bytes: {"b":1e999,"a":1}',
    'canonical form: {"a":1,"b":1e999}',
  ]);
});

const RAW_ONLY: readonly (readonly [string, string | Uint8Array<ArrayBuffer>])[] = [
  ["an empty body", ""],
  ["no JSON", "{"],
  ["JSON after a byte order mark", new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x20, 0x7d])],
  ["a key that stands twice", '{"a":1, "a":2}'],
  ["too deep nesting", "[ ".repeat(257) + "]".repeat(257)],
  ["deepest nesting", "[".repeat(500_000) + "]".repeat(500_000)],
  ["UTF-16", new Uint8Array([0x7b, 0, 0x7d, 0])],
  ["broken UTF-8", new Uint8Array([0x22, 0x20, 0xff, 0x22])],
];

for (const [what, body] of RAW_ONLY) {
  Deno.test(`formsOf() gives nothing but the raw bytes of ${what}`, () => {
    assertEquals(shownForms(body).length, 1);
  });
}

Deno.test("formsOf() writes bodies anew up to 2 MiB", () => {
  const largest = `[${" ".repeat(MAX_REWRITTEN_BYTES - 2)}]`;
  assertEquals(shownForms(largest).slice(1), ["stable form: []"]);
  assertEquals(shownForms(`${largest} `).length, 1);
});

Deno.test("formsOf() never throws, whatever the bytes", () => {
  const bytes = fc.oneof(
    fc.uint8Array(),
    fc.json().map((json) => new TextEncoder().encode(json)),
    fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0019eE.-+ tfn\ud83d\ude00') })
      .map((text) => new TextEncoder().encode(text)),
  );
  fc.assert(
    fc.property(bytes, (drawn) => {
      const body = Uint8Array.from(drawn);
      const forms = [...formsOf(body)];
      assertEquals(forms[0], { name: "raw bytes", bytes: body });
      assertEquals(
        new Set(shownForms(body).map((form) => form.split(": ", 1)[0])).size,
        forms.length,
      );
    }),
    { numRuns: 500 },
  );
});
