import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { keyFingerprint } from "../../../../lib/auth/authenticator.ts";
import { signWebhook } from "../../../../lib/auth/standard_webhooks/message.ts";
import { parseSecret } from "../../../../lib/auth/standard_webhooks/secret.ts";
import { createStandardWebhooks } from "../../../../lib/auth/standard_webhooks/standard_webhooks.ts";
import { hmacOf } from "../../../hmac.ts";
import { plainAuthenticator } from "../verified_by.ts";
import {
  clockAt,
  headersOf,
  MESSAGE,
  PRIVATE_KEY,
  PUBLIC_KEY,
  SECRET,
  VECTORS,
} from "./samples.ts";

const { timestamp } = MESSAGE;
const ID_CHARACTER = fc.constantFrom(..."abcXYZ0189_-!#$%&'*+^`|~:;/=@");

/** Signs in another way, whatever the id and the timestamp. */
async function signAnything(
  id: string,
  time: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const key = Uint8Array.fromBase64(SECRET.slice("whsec_".length));
  const head = new TextEncoder().encode(`${id}.${time}.`);
  return `v1,${await hmacOf("SHA-256", key, Uint8Array.from([...head, ...body]))}`;
}

function flipBit(bytes: Uint8Array<ArrayBuffer>, bit: number): Uint8Array<ArrayBuffer> {
  return bytes.map((byte, at) => at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte);
}

Deno.test("verify() accepts what signAnything() signs, so that the refusals below count", async () => {
  const auth = plainAuthenticator(await createStandardWebhooks([SECRET], clockAt(0)));
  for (const id of ["m", "a".repeat(256), "a:b/c=@"]) {
    const signature = await signAnything(id, String(timestamp), MESSAGE.body);
    const verified = await auth.verify(headersOf(id, timestamp, signature), MESSAGE.body);
    assertEquals(verified, { keyIndex: 0, by: `v1, secret ${keyFingerprint(SECRET)}` });
  }
});

for (
  const id of ["", "msg.1", ".", "msg 1", "msg,1", 'msg"1', "msg\\1", "\u00e9", "a".repeat(257)]
) {
  Deno.test(`verify() refuses the id ${JSON.stringify(id)}, though signed`, async () => {
    const auth = plainAuthenticator(await createStandardWebhooks([SECRET], clockAt(0)));
    const signature = await signAnything(id, String(timestamp), MESSAGE.body);
    assertEquals(await auth.verify(headersOf(id, timestamp, signature), MESSAGE.body), undefined);
  });
}

Deno.test("verify() doesn't take one message for another with a dot in its id", async () => {
  const auth = plainAuthenticator(
    await createStandardWebhooks([SECRET], { now: () => 7000, toleranceSeconds: 10 }),
  );
  const body = new TextEncoder().encode("7.{}");
  const signature = await signAnything("a", "7", body);
  assertEquals((await auth.verify(headersOf("a", 7, signature), body))?.keyIndex, 0);
  assertEquals(await auth.verify(headersOf("a.7", 7, signature), body.subarray(2)), undefined);
});

const BAD_TIMESTAMPS: readonly string[] = [
  "",
  "1614265330abc",
  "abc",
  "-1614265330",
  "+1614265330",
  "1614265330.0",
  "1614265330.",
  "1.61426533e9",
  "1614 265330",
  "1614265330 1614265330",
  "1614265330,1614265330",
  "0x6037bb32",
  "0001614265330",
  "1614265330000",
  "NaN",
  "Infinity",
  "2021-02-25T15:02:10Z",
];

for (const time of BAD_TIMESTAMPS) {
  Deno.test(`verify() refuses the timestamp ${JSON.stringify(time)}, though signed`, async () => {
    const tolerant = { ...clockAt(0), toleranceSeconds: Infinity };
    const auth = plainAuthenticator(await createStandardWebhooks([SECRET], tolerant));
    const signature = await signAnything("m", time, MESSAGE.body);
    assertEquals(await auth.verify(headersOf("m", time, signature), MESSAGE.body), undefined);
  });
}

Deno.test("verify() accepts an empty body and bytes that are no text", async () => {
  const auth = plainAuthenticator(await createStandardWebhooks([SECRET], clockAt(0)));
  for (const body of [new Uint8Array(), new Uint8Array([0xff, 0, 0xfe, 13, 10])]) {
    const signature = await signWebhook(parseSecret(SECRET), { id: "m", timestamp, body });
    const headers = headersOf("m", timestamp, signature);
    assertEquals(await auth.verify(headers, body), {
      keyIndex: 0,
      by: `v1, secret ${keyFingerprint(SECRET)}`,
    });
  }
});

for (const [signer, verifier] of [[SECRET, SECRET], [PRIVATE_KEY, PUBLIC_KEY]] as const) {
  const { version } = parseSecret(signer);
  Deno.test(`verify() accepts what signWebhook() signs by ${version}, and no other bit`, async () => {
    const secret = parseSecret(signer);
    const auth = plainAuthenticator(await createStandardWebhooks([verifier], clockAt(0)));
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: ID_CHARACTER, minLength: 1, maxLength: 60 }),
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.nat(),
        async (id, drawn, at) => {
          const body = Uint8Array.from(drawn);
          const signature = await signWebhook(secret, { id, timestamp, body });
          const bytes = Uint8Array.fromBase64(signature.slice(version.length + 1));
          const flipped = flipBit(bytes, at % (bytes.length * 8)).toBase64();
          const otherId = id.slice(0, at % id.length) + (id[at % id.length] === "a" ? "b" : "a") +
            id.slice(at % id.length + 1);
          const verdicts = await Promise.all([
            auth.verify(headersOf(id, timestamp, signature), body),
            auth.verify(headersOf(id, timestamp, signature), flipBit(body, at % (8 * body.length))),
            auth.verify(headersOf(id, timestamp, signature), body.subarray(1)),
            auth.verify(headersOf(id, timestamp, `${version},${flipped}`), body),
            auth.verify(headersOf(otherId, timestamp, signature), body),
            auth.verify(headersOf(id, timestamp + 1, signature), body),
          ]);
          assertEquals(verdicts.map((verdict) => verdict?.by), [
            `${version}, secret ${auth.keyFingerprints[0]}`,
            ...Array.from({ length: 5 }, () => undefined),
          ]);
        },
      ),
      { numRuns: 60 },
    );
  });
}

Deno.test("verify() never throws, whatever the headers", async () => {
  const auth = plainAuthenticator(await createStandardWebhooks([SECRET, PUBLIC_KEY], clockAt(0)));
  const value = fc.string({ unit: fc.constantFrom(..."v1a,= .09AZaz+/\u00ff") });
  await fc.assert(fc.asyncProperty(value, value, value, async (id, time, signature) => {
    assertEquals(await auth.verify(headersOf(id, time, signature), MESSAGE.body), undefined);
    assertEquals(await auth.verify(headersOf("m", timestamp, signature), MESSAGE.body), undefined);
  }));
});

for (const { name, secret, id, timestamp, body, signature } of VECTORS) {
  Deno.test(`signWebhook() gives the vector "${name}"`, async () => {
    const message = { id, timestamp: Number(timestamp), body: new TextEncoder().encode(body) };
    const signed = await signWebhook(parseSecret(secret ?? PRIVATE_KEY), message);
    assertEquals(signature.split(" ").includes(signed), true);
  });
}

Deno.test("signWebhook() gives the v1a vector of the reference suite in Go", async () => {
  const secret = parseSecret("whsk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=");
  assertEquals(
    await signWebhook(secret, MESSAGE),
    "v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==",
  );
});

Deno.test("signWebhook() refuses a public key", async () => {
  await assertRejects(
    () => signWebhook(parseSecret(PUBLIC_KEY), MESSAGE),
    RangeError,
    "Cannot sign a webhook: the secret is a public key, which verifies only",
  );
});

for (const id of ["", "a.b", "a b", "a,b", "ä", "a\n", "a".repeat(257)]) {
  Deno.test(`signWebhook() refuses the id ${JSON.stringify(id)}`, async () => {
    await assertRejects(
      () => signWebhook(parseSecret(SECRET), { ...MESSAGE, id }),
      RangeError,
      `Cannot sign a webhook with the id ${JSON.stringify(id)}`,
    );
  });
}

for (const timestamp of [-1, 1.5, NaN, Infinity, 1e12]) {
  Deno.test(`signWebhook() refuses the timestamp ${timestamp}`, async () => {
    await assertRejects(
      () => signWebhook(parseSecret(SECRET), { ...MESSAGE, timestamp }),
      RangeError,
      `Cannot sign a webhook with the timestamp ${timestamp}`,
    );
  });
}
