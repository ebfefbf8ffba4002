import { assert } from "@std/assert";
import fc from "fast-check";
import { secretPattern } from "../../../../lib/observe/redact/secret_pattern.ts";

/** Secrets of all characters, and of those that notations write in other ways. */
const secret = fc.oneof(
  fc.string({ minLength: 1, unit: "binary" }),
  fc.string({ minLength: 1, unit: fc.constantFrom(...'a"\\/\n\t +%&é€😀\u0001\u2028') }),
);

const NOTATIONS: Readonly<Record<string, (text: string) => string>> = {
  "as it is": (text) => text,
  "in JSON": (text) => JSON.stringify(text),
  "in JSON in JSON": (text) => JSON.stringify({ a: JSON.stringify([text]) }),
  "in a URL": (text) => encodeURIComponent(text.toWellFormed()),
  "in a form": (text) => new URLSearchParams({ a: text }).toString(),
};

for (const [name, write] of Object.entries(NOTATIONS)) {
  Deno.test(`secretPattern() finds every secret ${name}`, () => {
    fc.assert(fc.property(secret, (text) => {
      fc.pre(text.isWellFormed());
      assert(new RegExp(secretPattern(text)).test(`before ${write(text)} after`));
    }));
  });
}

Deno.test("secretPattern() finds no other text", () => {
  fc.assert(fc.property(secret, secret, (text, other) => {
    fc.pre(!other.includes("\\") && !other.includes("%") && !other.includes("+"));
    fc.pre(!text.includes("\\") && !other.includes(text));
    assert(!new RegExp(secretPattern(text)).test(other));
  }));
});
