import { assertEquals, assertRejects } from "@std/assert";
import { keyFingerprint } from "../../../lib/auth/authenticator.ts";
import { createXSignature } from "../../../lib/auth/x_signature.ts";
import { plainAuthenticator } from "./verified_by.ts";
import { hmacOf } from "../../hmac.ts";

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
