import { assertEquals, assertRejects } from "@std/assert";
import { keyFingerprint } from "../../../../lib/auth/authenticator.ts";
import { parseSecret } from "../../../../lib/auth/standard_webhooks/secret.ts";
import { signWebhook } from "../../../../lib/auth/standard_webhooks/message.ts";
import { createStandardWebhooks } from "../../../../lib/auth/standard_webhooks/standard_webhooks.ts";
import {
  clockAt,
  headersOf,
  MESSAGE,
  OTHER_SECRET,
  PRIVATE_KEY,
  PUBLIC_KEY,
  SECRET,
  SIGNATURE,
  VECTORS,
  WRONG,
} from "./samples.ts";
import { plainAuthenticator } from "../verified_by.ts";

const { id, timestamp, body } = MESSAGE;
const BY_FIRST = { keyIndex: 0, by: bySecret(SECRET) };

function bySecret(secret: string, version = "v1"): string {
  return `${version}, secret ${keyFingerprint(secret)}`;
}

async function verify(headers: Headers, secrets: readonly string[] = [SECRET], secondsLater = 0) {
  const auth = plainAuthenticator(await createStandardWebhooks(secrets, clockAt(secondsLater)));
  return await auth.verify(headers, body);
}

for (const vector of VECTORS) {
  for (const prefix of ["webhook", "svix"]) {
    Deno.test(`verify() accepts the vector "${vector.name}" as ${prefix}-*`, async () => {
      const auth = plainAuthenticator(
        await createStandardWebhooks([vector.secret ?? vector.publicKey ?? ""], {
          now: () => Number(vector.timestamp) * 1000,
        }),
      );
      const headers = headersOf(vector.id, vector.timestamp, vector.signature, prefix);
      const version = vector.secret === undefined ? "v1a" : "v1";
      assertEquals(
        await auth.verify(headers, new TextEncoder().encode(vector.body)),
        { keyIndex: 0, by: bySecret(vector.secret ?? vector.publicKey ?? "", version) },
      );
    });
  }
}

Deno.test("verify() tells which of several secrets verified", async () => {
  const secrets = [OTHER_SECRET, PUBLIC_KEY, SECRET];
  const ed25519 = VECTORS.find(({ publicKey }) => publicKey !== undefined)?.signature ?? "";
  assertEquals(await verify(headersOf(id, timestamp, SIGNATURE), secrets), {
    keyIndex: 2,
    by: bySecret(SECRET),
  });
  assertEquals(await verify(headersOf(id, timestamp, ed25519), secrets), {
    keyIndex: 1,
    by: bySecret(PUBLIC_KEY, "v1a"),
  });
  assertEquals(await verify(headersOf(id, timestamp, ed25519), [PRIVATE_KEY]), {
    keyIndex: 0,
    by: bySecret(PRIVATE_KEY, "v1a"),
  });
  assertEquals(await verify(headersOf(id, timestamp, SIGNATURE), [OTHER_SECRET]), undefined);
});

for (const secondsLater of [-300, -1, 0, 300, 300.999]) {
  Deno.test(`verify() accepts a message ${secondsLater} seconds later`, async () => {
    const verified = await verify(headersOf(id, timestamp, SIGNATURE), [SECRET], secondsLater);
    assertEquals(verified, BY_FIRST);
  });
}

for (const secondsLater of [-301, -300.001, 301, 1e9]) {
  Deno.test(`verify() refuses a message ${secondsLater} seconds later`, async () => {
    const verified = await verify(headersOf(id, timestamp, SIGNATURE), [SECRET], secondsLater);
    assertEquals(verified, undefined);
  });
}

Deno.test("verify() keeps to the configured tolerance", async () => {
  const headers = headersOf(id, timestamp, SIGNATURE);
  const auth = plainAuthenticator(
    await createStandardWebhooks([SECRET], { ...clockAt(11), toleranceSeconds: 10 }),
  );
  assertEquals(await auth.verify(headers, body), undefined);
  const wider = plainAuthenticator(
    await createStandardWebhooks([SECRET], { ...clockAt(11), toleranceSeconds: 11 }),
  );
  assertEquals(await wider.verify(headers, body), BY_FIRST);
});

Deno.test("verify() refuses partial, mixed and doubled sets of headers", async () => {
  const names = ["id", "timestamp", "signature"] as const;
  const values = { id, timestamp: String(timestamp), signature: SIGNATURE };
  // For each of the three: absent, webhook-*, svix-* or both.
  for (let mask = 0; mask < 64; mask++) {
    const headers = new Headers();
    for (const [at, name] of names.entries()) {
      if (mask >> (2 * at) & 1) headers.set(`webhook-${name}`, values[name]);
      if (mask >> (2 * at) & 2) headers.set(`svix-${name}`, values[name]);
    }
    const isWhole = mask === 0b010101 || mask === 0b101010;
    assertEquals(await verify(headers), isWhole ? BY_FIRST : undefined);
  }
});

Deno.test("verify() refuses an empty set of headers and duplicates", async () => {
  assertEquals(await verify(headersOf("", "", "")), undefined);
  for (const name of ["webhook-id", "webhook-timestamp"]) {
    const headers = headersOf(id, timestamp, SIGNATURE);
    headers.append(name, headers.get(name) ?? "");
    assertEquals(await verify(headers), undefined);
  }
});

Deno.test("verify() finds the match in a list and skips what it doesn't know", async () => {
  const lists = [
    `${WRONG} ${SIGNATURE}`,
    `${SIGNATURE} ${WRONG}`,
    `v2,abc v1a,abc v9 , ${SIGNATURE}`,
    `  ${SIGNATURE}  `,
    `${SIGNATURE.replace("v1,", "v2,")} ${SIGNATURE}`,
    `${"v2,x ".repeat(500)}${SIGNATURE}`,
    `${`${WRONG} `.repeat(15)}${SIGNATURE}`,
  ];
  for (const list of lists) {
    assertEquals(await verify(headersOf(id, timestamp, list)), BY_FIRST);
  }
});

Deno.test("verify() refuses lists without a match", async () => {
  const base64 = SIGNATURE.slice("v1,".length);
  const refused = [
    "",
    " ",
    WRONG,
    base64,
    "v1",
    "v1,",
    `v1 ${base64}`,
    `v1, ${base64}`,
    `,${base64}`,
    `V1,${base64}`,
    `v1a,${base64}`,
    `v1=${base64}`,
    `v1:${base64}`,
    `v2,${base64}`,
    `v1,${base64.slice(0, -1)}`,
    `v1,${base64.slice(4)}`,
    `v1,${base64}=`,
    `v1,${base64}AAAA`,
    `v1,AAAA${base64}`,
    `v1,${base64.replace("+", "-").replaceAll("/", "_")}`,
    // The same bytes, written in another way.
    `v1,${base64.replace(/.=$/, "F=")}`,
    `${SIGNATURE},${SIGNATURE}`,
  ];
  for (const list of refused) {
    assertEquals(await verify(headersOf(id, timestamp, list)), undefined, list);
  }
});

Deno.test("verify() refuses more signatures than a sender makes", async () => {
  const list = `${`${WRONG} `.repeat(16)}${SIGNATURE}`;
  assertEquals(await verify(headersOf(id, timestamp, list)), undefined);
});

Deno.test("verify() doesn't let a public key serve as an HMAC secret", async () => {
  const publicBytes = PUBLIC_KEY.slice("whpk_".length);
  // Signed by HMAC with what everybody knows of the key pair.
  const forged = await signWebhook(parseSecret(publicBytes), MESSAGE);
  assertEquals(await verify(headersOf(id, timestamp, forged), [PUBLIC_KEY]), undefined);
  assertEquals(await verify(headersOf(id, timestamp, forged), [publicBytes]), {
    keyIndex: 0,
    by: bySecret(publicBytes),
  });
});

Deno.test("sign() adds nothing to an answer, and there is no challenge", async () => {
  const auth = plainAuthenticator(await createStandardWebhooks([SECRET]));
  assertEquals(await auth.sign(body), {});
  assertEquals(auth.challenge, undefined);
});

Deno.test("createStandardWebhooks() refuses settings that can't work", async () => {
  await assertRejects(() => createStandardWebhooks([]), RangeError, "the list of secrets is empty");
  await assertRejects(() => createStandardWebhooks([SECRET, "x"]), RangeError, "not Base64");
  for (const toleranceSeconds of [-1, NaN]) {
    await assertRejects(
      () => createStandardWebhooks([SECRET], { toleranceSeconds }),
      RangeError,
      `Cannot verify webhooks with a tolerance of ${toleranceSeconds} seconds: it is below 0`,
    );
  }
});

Deno.test("verify() hashes a body once a secret, however many signatures come with it", async () => {
  const auth = plainAuthenticator(await createStandardWebhooks([OTHER_SECRET, SECRET], clockAt(0)));
  const { sign, verify: compare } = SubtleCrypto.prototype;
  let hashes = 0;
  // What is no longer than a signature is one.
  const count = (data: BufferSource) => void (hashes += data.byteLength > 32 ? 1 : 0);
  SubtleCrypto.prototype.sign = function (algorithm, key, data) {
    count(data);
    return sign.call(this, algorithm, key, data);
  };
  SubtleCrypto.prototype.verify = function (algorithm, key, signature, data) {
    count(data);
    return compare.call(this, algorithm, key, signature, data);
  };
  try {
    const many = [...new Array(15).fill(WRONG), SIGNATURE].join(" ");
    assertEquals((await auth.verify(headersOf(id, timestamp, many), body))?.keyIndex, 1);
    assertEquals(hashes, 2);
  } finally {
    Object.assign(SubtleCrypto.prototype, { sign, verify: compare });
  }
});
