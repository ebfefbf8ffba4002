import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import * as z from "zod";
import { createEmporixSignature, sortedFormsOf } from "../../../lib/auth/emporix.ts";
import { keyFingerprint } from "../../../lib/auth/authenticator.ts";
import { hmacOf } from "../../hmac.ts";

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

import vectors from "../../vectors/emporix.json" with { type: "json" };
import { documents, spell, write } from "./emporix_documents.ts";
import { plainAuthenticator } from "./verified_by.ts";

/** Made for this repository from the vendor's description: no captured delivery is public. */
const VECTORS = z.array(z.object({
  name: z.string(),
  secret: z.string(),
  body: z.string(),
  canonical: z.string().optional(),
  raw: z.string(),
  stable: z.string(),
})).length(5).parse(vectors);

const BODY = '{"b":2.0,"a":"\u00e9"}';

async function hmac(secret: string, text: string): Promise<string> {
  return await hmacOf("SHA-256", secret, text);
}

async function verify(signature: string, body = BODY, secrets: readonly string[] = ["s"]) {
  const auth = plainAuthenticator(await createEmporixSignature(secrets));
  const headers = new Headers({ "emporix-event-signature": signature });
  return await auth.verify(headers, new TextEncoder().encode(body));
}

for (const { name, secret, body, canonical, raw, stable } of VECTORS) {
  Deno.test(`verify() accepts the vector "${name}"`, async () => {
    const isSame = raw === stable;
    assertEquals(await verify(raw, body, [secret]), {
      keyIndex: 0,
      by: `secret ${keyFingerprint(secret)}, raw bytes`,
    });
    assertEquals(await verify(stable, body, ["other", secret]), {
      keyIndex: 1,
      by: `secret ${keyFingerprint(secret)}, ${isSame ? "raw bytes" : "stable form"}`,
    });
    assertEquals(await hmac(secret, canonical ?? body), stable);
  });
}

Deno.test("verify() tells which form matched", async () => {
  const forms = [
    [BODY, `secret ${keyFingerprint("s")}, raw bytes`],
    ['{"a":"\u00e9","b":2}', `secret ${keyFingerprint("s")}, stable form`],
    ['{"a":"\u00e9","b":2.0}', `secret ${keyFingerprint("s")}, canonical form`],
    ['{"b":2,"a":"\u00e9"}', undefined],
  ] as const;
  for (const [signed, by] of forms) {
    assertEquals((await verify(await hmac("s", signed)))?.by, by);
  }
});

Deno.test("verify() takes integer-like keys as texts, not in the order of an object", async () => {
  const body = '{"9":1,"10":2}';
  assertEquals(
    (await verify(await hmac("s", '{"10":2,"9":1}'), body))?.by,
    `secret ${keyFingerprint("s")}, stable form`,
  );
});

Deno.test("verify() uses a secret's UTF-8 bytes as they are", async () => {
  for (const secret of ["clé 😀", " s ", "cGFzc3dvcmQ=", "whsec_x"]) {
    assertEquals((await verify(await hmac(secret, BODY), BODY, [secret]))?.keyIndex, 0);
  }
});

Deno.test("verify() refuses missing, malformed, doubled and foreign signatures", async () => {
  const right = await hmac("s", BODY);
  const refused = [
    "",
    "x",
    right.slice(0, -1),
    `${right}=`,
    `${right}, ${right}`,
    right.replace(/.=$/, "B="),
    `sha256=${right}`,
    Uint8Array.fromBase64(right).toHex(),
    await hmacOf("SHA-512", "s", BODY),
    await hmac("S", BODY),
    await hmac("s", `${BODY} `),
    await hmac("s", ""),
  ];
  for (const signature of refused) assertEquals(await verify(signature), undefined, signature);
  const auth = plainAuthenticator(await createEmporixSignature(["s"]));
  assertEquals(await auth.verify(new Headers(), new TextEncoder().encode(BODY)), undefined);
});

Deno.test("verify() doesn't let a second value slip in under a signed key", async () => {
  const signature = await hmac("s", '{"total":1}');
  assertEquals(
    (await verify(signature, '{ "total": 1 }'))?.by,
    `secret ${keyFingerprint("s")}, stable form`,
  );
  assertEquals(await verify(signature, '{"total":100,"total":1}'), undefined);
  assertEquals(await verify(signature, '{"total":1,"total":100}'), undefined);
});

Deno.test("verify() accepts an empty body, and bytes that are no JSON, by their raw bytes", async () => {
  for (const body of ["", "{", "\ufeff{}"]) {
    assertEquals(
      (await verify(await hmac("s", body), body))?.by,
      `secret ${keyFingerprint("s")}, raw bytes`,
    );
  }
});

Deno.test("verify() accepts any spelling by either sorted form, and no other document", async () => {
  const auth = plainAuthenticator(await createEmporixSignature(["s"]));
  await fc.assert(
    fc.asyncProperty(
      documents(),
      documents(),
      fc.infiniteStream(fc.nat()),
      async (document, other, choices) => {
        const stable = write(document, (text) => JSON.stringify(Number(text)));
        const canonical = write(document, (text) => text);
        const forms = [stable, canonical];
        const body = new TextEncoder().encode(spell(document, choices));
        const otherBody = new TextEncoder().encode(spell(other, choices));
        for (const form of forms) {
          const headers = new Headers({ "emporix-event-signature": await hmac("s", form) });
          assertEquals((await auth.verify(headers, body))?.keyIndex, 0);
          const isOther = form !== write(other, (text) => text) &&
            form !== write(other, (text) => JSON.stringify(Number(text)));
          if (isOther) assertEquals(await auth.verify(headers, otherBody), undefined);
        }
      },
    ),
  );
});

Deno.test("verify() never throws, whatever header and body", async () => {
  const auth = plainAuthenticator(await createEmporixSignature(["s"]));
  const base64 = fc.uint8Array({ minLength: 32, maxLength: 32 })
    .map((bytes) => Uint8Array.from(bytes).toBase64());
  await fc.assert(fc.asyncProperty(base64, fc.uint8Array(), async (signature, body) => {
    const headers = new Headers({ "emporix-event-signature": signature });
    assertEquals(await auth.verify(headers, Uint8Array.from(body)), undefined);
  }));
});

Deno.test("sign() adds nothing to an answer, and there is no challenge", async () => {
  const auth = plainAuthenticator(await createEmporixSignature(["s"]));
  assertEquals(await auth.sign(new Uint8Array()), {});
  assertEquals(auth.challenge, undefined);
});

Deno.test("createEmporixSignature() refuses an empty list and an empty secret", async () => {
  const empty = "Cannot verify Emporix events: the list of secrets is empty";
  await assertRejects(() => createEmporixSignature([]), RangeError, empty);
  await assertRejects(() => createEmporixSignature(["s", ""]), RangeError, "a secret is empty");
});
