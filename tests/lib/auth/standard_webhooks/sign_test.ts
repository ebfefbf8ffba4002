import { assertEquals, assertRejects } from "@std/assert";
import { parseSecret } from "../../../../lib/auth/standard_webhooks/secret.ts";
import { signWebhook } from "../../../../lib/auth/standard_webhooks/sign.ts";
import { MESSAGE, PRIVATE_KEY, PUBLIC_KEY, SECRET, VECTORS } from "./samples.ts";

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
