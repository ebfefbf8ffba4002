import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import * as z from "zod";
import {
  createXSignature,
  importKey,
  signBytes,
  verifySignature,
} from "../../../lib/auth/x_signature.ts";
import { importHmacKey, keyFingerprint } from "../../../lib/auth/authenticator.ts";
import { hmacOf } from "../../hmac.ts";
import { plainAuthenticator } from "./verified_by.ts";

import vectors from "../../vectors/ustore.json" with { type: "json" };

const VECTORS = z.array(
  z.object({ name: z.string(), key: z.string(), bodyBase64: z.string(), signature: z.string() }),
).min(1).parse(vectors);
const ANSWER = new TextEncoder().encode('{"ApprovalGroupId":10065,"IsApprovalNeeded":true}');
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_ ,\n";

for (const vector of VECTORS) {
  Deno.test(`signBytes() gives the vector "${vector.name}"`, async () => {
    const key = await importKey(vector.key);
    assertEquals(await signBytes(key, Uint8Array.fromBase64(vector.bodyBase64)), vector.signature);
  });

  Deno.test(`verifySignature() accepts the vector "${vector.name}"`, async () => {
    const key = await importKey(vector.key);
    assertEquals(
      await verifySignature(key, vector.signature, Uint8Array.fromBase64(vector.bodyBase64)),
      true,
    );
  });
}

Deno.test("signBytes() agrees with openssl", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }),
      fc.uint8Array({ maxLength: 500 }),
      async (key, bytes) => {
        const body = Uint8Array.from(bytes);
        assertEquals(
          await signBytes(await importKey(key), body),
          await opensslSignature(key, body),
        );
      },
    ),
    { numRuns: 15 },
  );
});

Deno.test("verifySignature() refuses another key and another body", async () => {
  const key = await importKey("my-signature-key");
  const signature = await signBytes(key, ANSWER);
  assertEquals(
    await verifySignature(await importKey("my-signature-kez"), signature, ANSWER),
    false,
  );
  assertEquals(await verifySignature(key, signature, ANSWER.subarray(1)), false);
});

Deno.test("verifySignature() refuses every change of a single character", async () => {
  const key = await importKey("my-signature-key");
  const signature = await signBytes(key, ANSWER);
  const changed = Array.from(
    signature,
    (_, at) =>
      [...ALPHABET].map((other) => signature.slice(0, at) + other + signature.slice(at + 1)),
  ).flat().filter((text) => text !== signature);
  assertEquals(await acceptedOf(key, changed), []);
});

Deno.test("verifySignature() refuses every truncation and extension", async () => {
  const key = await importKey("my-signature-key");
  const signature = await signBytes(key, ANSWER);
  const changed = [
    ...Array.from(signature, (_, at) => signature.slice(0, at)),
    ...Array.from(signature, (_, at) => signature.slice(at + 1)),
    ...[...ALPHABET].flatMap((more) => [signature + more, more + signature]),
    `${signature}, ${signature}`,
  ];
  assertEquals(await acceptedOf(key, changed), []);
});

Deno.test("verifySignature() refuses garbage without throwing", async () => {
  const key = await importKey("my-signature-key");
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: "binary", maxLength: 200 }),
        fc.base64String({ minLength: 80, maxLength: 96 }),
        fc.stringMatching(/^[A-Za-z0-9+/]{86}==$/),
      ),
      async (garbage) => assertEquals(await verifySignature(key, garbage, ANSWER), false),
    ),
    { numRuns: 500 },
  );
});

Deno.test("verifySignature() accepts what signBytes() makes of any key and body", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1 }), fc.uint8Array(), async (text, bytes) => {
      const key = await importKey(text);
      const body = Uint8Array.from(bytes);
      assertEquals(await verifySignature(key, await signBytes(key, body), body), true);
    }),
  );
});

Deno.test("importHmacKey() keeps the key out of logs and JSON, and lets nobody export it", async () => {
  const key = await importHmacKey("SHA-256", new TextEncoder().encode("correct horse battery"));
  const shown = Deno.inspect(key, { showHidden: true }) + JSON.stringify(key);
  assertEquals(/correct|Y29ycm|99, 111/.test(shown), false);
  await assertRejects(() => crypto.subtle.exportKey("raw", key), DOMException);
});

Deno.test("importKey() keeps white space", async () => {
  const signature = await signBytes(await importKey("key\n"), ANSWER);
  assertEquals(await verifySignature(await importKey("key"), signature, ANSWER), false);
});

Deno.test("importKey() refuses an empty key", async () => {
  await assertRejects(
    () => importKey(""),
    RangeError,
    "Cannot import a signature key: the key is empty",
  );
});

async function acceptedOf(key: CryptoKey, signatures: readonly string[]): Promise<string[]> {
  const verdicts = await Promise.all(
    signatures.map((signature) => verifySignature(key, signature, ANSWER)),
  );
  return signatures.filter((_, index) => verdicts[index] === true);
}

async function opensslSignature(key: string, body: Uint8Array): Promise<string> {
  const keyOption = `hexkey:${new TextEncoder().encode(key).toHex()}`;
  const child = new Deno.Command("openssl", {
    args: ["dgst", "-sha512", "-mac", "HMAC", "-macopt", keyOption, "-binary"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(body);
  await writer.close();
  const { stdout } = await child.output();
  return btoa(String.fromCharCode(...stdout));
}

const BODY = new TextEncoder().encode('{"list":{"id":"1"}}');

async function signed(key: string): Promise<string> {
  return await hmacOf("SHA-512", key, BODY);
}

function headersWith(...signatures: readonly string[]): Headers {
  return new Headers(signatures.map((signature): [string, string] => ["x-signature", signature]));
}

Deno.test("verify() tells which of several keys verified", async () => {
  const auth = plainAuthenticator(await createXSignature(["new", "old", "oldest"]));
  assertEquals(await auth.verify(headersWith(await signed("new")), BODY), {
    keyIndex: 0,
    by: `key ${keyFingerprint("new")}`,
  });
  assertEquals(await auth.verify(headersWith(await signed("old")), BODY), {
    keyIndex: 1,
    by: `key ${keyFingerprint("old")}`,
  });
  assertEquals(await auth.verify(headersWith(await signed("oldest")), BODY), {
    keyIndex: 2,
    by: `key ${keyFingerprint("oldest")}`,
  });
});

Deno.test("verify() refuses a missing, empty, malformed or foreign signature", async () => {
  const auth = plainAuthenticator(await createXSignature(["new", "old"]));
  const refused = [
    headersWith(),
    headersWith(""),
    headersWith("é"),
    headersWith(await signed("retired")),
    headersWith((await signed("new")).slice(0, -2)),
    new Headers({ "X-Signature-256": await signed("new") }),
  ];
  const verdicts = await Promise.all(refused.map((headers) => auth.verify(headers, BODY)));
  assertEquals(verdicts, refused.map(() => undefined));
});

Deno.test("verify() refuses duplicate headers, even of the right signature", async () => {
  const auth = plainAuthenticator(await createXSignature(["new"]));
  assertEquals(
    await auth.verify(headersWith(await signed("new"), await signed("new")), BODY),
    undefined,
  );
  assertEquals(await auth.verify(headersWith("x", await signed("new")), BODY), undefined);
});

Deno.test("sign() signs with the key that verified", async () => {
  const auth = plainAuthenticator(await createXSignature(["new", "old"]));
  const verified = await auth.verify(headersWith(await signed("old")), BODY);
  assertEquals(await auth.sign(BODY, verified), { "X-Signature": await signed("old") });
});

Deno.test("sign() signs with the first key when nothing was verified", async () => {
  const auth = plainAuthenticator(await createXSignature(["new", "old"]));
  assertEquals(await auth.sign(BODY), { "X-Signature": await signed("new") });
  assertEquals(await auth.sign(BODY, undefined), { "X-Signature": await signed("new") });
});

Deno.test("createXSignature() refuses an empty list and an empty key", async () => {
  await assertRejects(
    () => createXSignature([]),
    RangeError,
    "Cannot sign answers: the list of keys is empty",
  );
  await assertRejects(() => createXSignature(["new", ""]), RangeError, "the key is empty");
});

Deno.test("sign() signs what it has signed before alike, and nothing else with it", async () => {
  const auth = await createXSignature(["new", "old"]);
  const other = { keyIndex: 1, by: "key" };
  const encoder = new TextEncoder();
  // More than are remembered, and twice: each is forgotten and written over by another one.
  for (const round of [1, 2]) {
    for (let group = 0; group < 300; group++) {
      const text = `{"ApprovalGroupId":${group},"IsApprovalNeeded":true}`;
      const body = encoder.encode(text);
      const found = [await auth.sign(body), await auth.sign(body), await auth.sign(body, other)];
      const wanted = [await hmacOf("SHA-512", "new", body), await hmacOf("SHA-512", "old", body)];
      assertEquals(
        found.map((headers) => headers["X-Signature"]),
        [wanted[0], wanted[0], wanted[1]],
        `${text} in round ${round}`,
      );
    }
  }
});

Deno.test("sign() does not mistake bytes that are written over after they were signed", async () => {
  const auth = await createXSignature(["new"]);
  const body = new Uint8Array(4);
  const view = new DataView(body.buffer);
  for (let number = 0; number < 1000; number++) {
    view.setUint32(0, number);
    assertEquals(await auth.sign(body), { "X-Signature": await hmacOf("SHA-512", "new", body) });
  }
});
