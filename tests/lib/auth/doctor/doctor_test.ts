import { assertEquals, assertLess, assertRejects, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { examine, matches } from "../../../../lib/auth/doctor/doctor.ts";
import {
  ENCODING_VARIANTS,
  HASHES,
  METHOD_VARIANTS,
} from "../../../../lib/auth/doctor/signature_variants.ts";
import { ESCAPE_VARIANTS, LAYOUT_VARIANTS } from "../../../../lib/auth/doctor/variants.ts";
import { KEY_VARIANTS } from "../../../../lib/auth/doctor/key_variants.ts";
import {
  CHARSET_VARIANTS,
  END_VARIANTS,
  SAVED_AS_UTF16,
  WHOLE_VARIANTS,
} from "../../../../lib/auth/doctor/body_forms.ts";
import {
  BODY_CASES,
  type Case,
  COMBINED_CASES,
  COMPACT,
  ENCODING_CASES,
  hmac,
  JSON_CASES,
  KEY,
  KEY_CASES,
  METHOD_CASES,
} from "./doctor_cases.ts";

const CASES: readonly Case[] = [
  ...BODY_CASES,
  ...JSON_CASES,
  ...KEY_CASES,
  ...METHOD_CASES,
  ...ENCODING_CASES,
  ...COMBINED_CASES,
];
const IDS: readonly string[] = [
  ...WHOLE_VARIANTS,
  ...END_VARIANTS,
  ...CHARSET_VARIANTS,
  SAVED_AS_UTF16,
  ...LAYOUT_VARIANTS,
  ...ESCAPE_VARIANTS,
  ...KEY_VARIANTS,
  ...Object.values(METHOD_VARIANTS),
  ...[...HASHES.values()].flatMap(({ variants }) => variants),
  ...Object.values(ENCODING_VARIANTS),
].map(({ id }) => id);
const WRONG = hmac("something else", "another-key");

function bytesOf(body: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof body === "string" ? new TextEncoder().encode(body) : Uint8Array.from(body);
}

CASES.forEach(({ variant, signature, body, key = KEY }, index) => {
  Deno.test(`examine() names ${variant} (case ${index + 1})`, async () => {
    const { matches, diagnosis } = await examine(signature, bytesOf(body), key);
    assertEquals([matches, diagnosis?.variant], [false, variant]);
  });
});

Deno.test("examine() is tested with every variant", () => {
  const tested = new Set(CASES.flatMap(({ variant }) => variant.split("+")));
  assertEquals([...tested].sort(), [...IDS].sort());
});

Deno.test("examine() puts what and the fix in sentences", async () => {
  const [first] = BODY_CASES;
  const { diagnosis } = await examine(first?.signature ?? "", bytesOf(first?.body ?? ""), KEY);
  assertEquals(diagnosis, {
    variant: "body-without-bom",
    what: "This signature was made over the body without its byte order mark.",
    fix: "Sign the bytes as they are sent, byte order mark included, or send none: " +
      "in .NET write with new UTF8Encoding(false).",
  });
});

Deno.test("examine() joins what several variants say", async () => {
  const signature = hmac(COMPACT, `${KEY}\n`).replaceAll("=", "");
  const { diagnosis } = await examine(signature, bytesOf(`${COMPACT}\n`), KEY);
  assertEquals(
    diagnosis?.what,
    "This signature was made over the body without the line end at its end, " +
      "with the key followed by a line feed, and written in Base64 without the == at its end.",
  );
});

Deno.test("examine() has nothing to say of a right signature", async () => {
  assertEquals(await matches(hmac(COMPACT), bytesOf(COMPACT), KEY), true);
  assertEquals(await examine(hmac(COMPACT), bytesOf(COMPACT), KEY), { matches: true, tried: 0 });
});

Deno.test("examine() counts what it tried in vain", async () => {
  const { tried, ...rest } = await examine(WRONG, bytesOf(COMPACT), KEY);
  assertEquals(rest, { matches: false });
  assertLess(1000, tried);
});

Deno.test("examine() never throws, whatever the signature, body and key", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.constant(WRONG),
        fc.stringMatching(/^[0-9a-f]{128}$/),
      ),
      fc.oneof(fc.uint8Array(), fc.json().map((json) => new TextEncoder().encode(json))),
      fc.string({ unit: "binary", minLength: 1 }),
      async (signature, body, key) => {
        assertEquals((await examine(signature, Uint8Array.from(body), key)).matches, false);
      },
    ),
    { numRuns: 25 },
  );
});

Deno.test("examine() refuses an empty key", async () => {
  await assertRejects(() => examine(WRONG, bytesOf("{}"), ""), RangeError, "the key is empty");
});

Deno.test("examine() is bounded on large and deep bodies", async () => {
  const deep = "[".repeat(3_000_000) + "]".repeat(3_000_000);
  const { matches, tried } = await examine(WRONG, bytesOf(deep), KEY);
  assertEquals(matches, false);
  assertLess(tried, 400);
});

Deno.test("examine() finds a single variant in a body of 6 MiB", async () => {
  const large = JSON.stringify(Array(100_000).fill(JSON.parse(COMPACT)));
  const indented = JSON.stringify(JSON.parse(large), null, "\t").replaceAll("\n", "\r\n");
  const { diagnosis } = await examine(hmac(indented), bytesOf(large), KEY);
  assertEquals(diagnosis?.variant, "json-indented-tab-crlf");
});

Deno.test("docs/signatures.md explains every variant", async () => {
  const page = await Deno.readTextFile(new URL("../../../../docs/signatures.md", import.meta.url));
  for (const id of IDS) assertStringIncludes(page, `\`${id}\``);
});
