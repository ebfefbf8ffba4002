import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { sortedFormsOf } from "../../../lib/auth/emporix_forms.ts";

function shownForms(body: string | Uint8Array<ArrayBuffer>): readonly string[] {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return [...sortedFormsOf(bytes)].map((form) =>
    `${form.name}: ${new TextDecoder().decode(form.bytes)}`
  );
}

Deno.test("sortedFormsOf() gives two forms of unsorted JSON with a number JavaScript rewrites", () => {
  assertEquals(shownForms('{"b":2.0,"a":-0}'), [
    'stable form: {"a":0,"b":2}',
    'canonical form: {"a":-0,"b":2.0}',
  ]);
});

Deno.test("sortedFormsOf() leaves out what equals an earlier form", () => {
  assertEquals(shownForms('{"a":2}'), []);
  assertEquals(shownForms('{"a": 2}'), ['stable form: {"a":2}']);
  assertEquals(shownForms('{"a":2.0}'), ['stable form: {"a":2}']);
});

Deno.test("sortedFormsOf() doesn't let the signature of a null pass for a number", () => {
  assertEquals(shownForms('{"b":1e999,"a":1}'), [
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
  Deno.test(`sortedFormsOf() gives nothing of ${what}`, () => {
    assertEquals(shownForms(body).length, 0);
  });
}

Deno.test("sortedFormsOf() tells whether the stable form has other digits", () => {
  const numbers = [
    ["9007199254740993", true],
    ["0.1000000000000000000001", true],
    ["9007199254740992", false],
    ["2.0", false],
    ["-0.0", false],
    ["150e-1", false],
    ["1e2", false],
    ["0.10", false],
  ] as const;
  for (const [number, isOther] of numbers) {
    const [stable] = sortedFormsOf(new TextEncoder().encode(`{"b": ${number}, "a": 1}`));
    assertEquals([number, stable?.name, stable?.changesDigits?.()], [
      number,
      "stable form",
      isOther,
    ]);
  }
});

Deno.test("sortedFormsOf() never throws, whatever the bytes", () => {
  const bytes = fc.oneof(
    fc.uint8Array(),
    fc.json().map((json) => new TextEncoder().encode(json)),
    fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0019eE.-+ tfn\ud83d\ude00') })
      .map((text) => new TextEncoder().encode(text)),
  );
  fc.assert(
    fc.property(bytes, (drawn) => {
      const body = Uint8Array.from(drawn);
      const forms = [...sortedFormsOf(body)];
      assertEquals(
        new Set(shownForms(body).map((form) => form.split(": ", 1)[0])).size,
        forms.length,
      );
    }),
    { numRuns: 500 },
  );
});
