import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { parseSecret } from "../../../../lib/auth/standard_webhooks/secret.ts";
import { PRIVATE_KEY, PUBLIC_KEY, SECRET } from "./samples.ts";

function base64(length: number): string {
  return new Uint8Array(length).fill(7).toBase64();
}

Deno.test("parseSecret() tells the three kinds apart", () => {
  const kinds = [SECRET, SECRET.slice("whsec_".length), PUBLIC_KEY, PRIVATE_KEY]
    .map(parseSecret).map(({ version, canSign }) => [version, canSign]);
  assertEquals(kinds, [["v1", true], ["v1", true], ["v1a", false], ["v1a", true]]);
});

Deno.test("parseSecret() accepts 24 to 64 bytes for HMAC", () => {
  for (const length of [24, 25, 26, 32, 64]) {
    assertEquals(parseSecret(`whsec_${base64(length)}`).version, "v1");
    assertEquals(parseSecret(base64(length)).version, "v1");
  }
});

Deno.test("parseSecret() accepts a private key with and without its public key", async () => {
  const seed = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc=";
  const message = new TextEncoder().encode("message");
  for (const text of [seed, PRIVATE_KEY]) {
    const { sign, verify } = await parseSecret(text).keys();
    if (sign === undefined) throw new Error("The key must sign");
    const signature = await sign(message);
    const publicKey = await parseSecret(PUBLIC_KEY).keys();
    assertEquals([publicKey.sign, await publicKey.verify(signature, message)], [undefined, true]);
    assertEquals(await verify(signature, message), true);
    assertEquals(await verify(signature, message.subarray(1)), false);
  }
});

Deno.test("parseSecret() imports the keys once", async () => {
  const secret = parseSecret(SECRET);
  assertEquals(await secret.keys() === await secret.keys(), true);
});

Deno.test("parseSecret() keeps the secret out of logs and JSON", () => {
  const bytes = new TextEncoder().encode("correct horse battery staple").toBase64();
  const shown = Deno.inspect(parseSecret(bytes), { showHidden: true }) +
    JSON.stringify(parseSecret(bytes));
  assertEquals(/correct|Y29ycm|99, 111/.test(shown), false);
});

const WRONG: readonly (readonly [string, string])[] = [
  ["", "it is empty"],
  ["whsec_", "it is empty"],
  [` ${SECRET}`, "it has white space around it"],
  [`${SECRET}\n`, "it has white space around it"],
  [`whsec_whsec_${base64(24)}`, "it has a prefix other than"],
  [`sk_${base64(32)}`, "it has a prefix other than"],
  [`WHSEC_${base64(32)}`, "it has a prefix other than"],
  ["${EMPORIX_SECRET}", "it is not Base64"],
  [`whsec_${base64(25).slice(0, -1)}`, "it is not Base64"],
  [`whsec_${base64(24)}=`, "it is not Base64"],
  [`whsec_${"-".repeat(32)}`, "it is not Base64"],
  [`whsec_${base64(23)}`, "a secret has 24 to 64 bytes, this one has 23"],
  [`whsec_${base64(65)}`, "a secret has 24 to 64 bytes, this one has 65"],
  [`whpk_${base64(31)}`, "a public key has 32 bytes, this one has 31"],
  [`whpk_${base64(64)}`, "a public key has 32 bytes, this one has 64"],
  [`whsk_${base64(33)}`, "a private key has 32 bytes, or 64 with its public key, this one has 33"],
];

for (const [text, message] of WRONG) {
  Deno.test(`parseSecret() refuses ${JSON.stringify(text)} without repeating it`, () => {
    const error = assertThrows(() => parseSecret(text), RangeError, message);
    const rest = text.replace(/^\w+_/, "").trim();
    assertEquals(rest !== "" && error.message.includes(rest), false);
  });
}

Deno.test("parseSecret() refuses public keys with which anybody could sign", () => {
  const weak = [
    "00".repeat(32),
    `${"00".repeat(31)}80`,
    `01${"00".repeat(31)}`,
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    `ec${"ff".repeat(31)}`,
    `ed${"ff".repeat(30)}7f`,
    `ee${"ff".repeat(30)}7f`,
  ];
  for (const key of weak) {
    const text = `whpk_${Uint8Array.fromHex(key).toBase64()}`;
    assertThrows(() => parseSecret(text), RangeError, "anybody could sign with this public key");
  }
});

Deno.test("keys() refuses a private key with the public key of another", async () => {
  const seed = atob(PRIVATE_KEY.slice("whsk_".length)).slice(0, 32);
  const other = parseSecret(`whsk_${btoa(seed + "\u0007".repeat(32))}`);
  await assertRejects(() => other.keys(), RangeError, "its public half belongs to another key");
});
