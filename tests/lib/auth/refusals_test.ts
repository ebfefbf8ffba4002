import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  type Authenticator,
  importHmacKey,
  keyFingerprint,
} from "../../../lib/auth/authenticator.ts";
import { createBasic, createNone, withPathToken } from "../../../lib/auth/passwords.ts";
import { createEmporixSignature, signEmporixEvent } from "../../../lib/auth/emporix.ts";
import { createXSignature } from "../../../lib/auth/x_signature.ts";
import { type Refusal } from "../../../lib/auth/refusals.ts";
import { isRefusal } from "../../../lib/http/context.ts";
import { createStandardWebhooks } from "../../../lib/auth/standard_webhooks/standard_webhooks.ts";
import {
  headersOf,
  MESSAGE,
  OTHER_SECRET,
  SECRET,
  SIGNATURE,
} from "./standard_webhooks/samples.ts";

const BODY = new TextEncoder().encode('{"b":1,"a":2.0}');
type Lines = Readonly<Record<string, string>>;

async function refusalOf(
  auth: Authenticator,
  headers: Headers | Lines,
  body = BODY,
  path = "/",
): Promise<Refusal> {
  const url = () => new URL(path, "http://host");
  const arrival = { remoteAddress: "192.0.2.1", url };
  const verification = await auth.verify(new Headers(headers), body, arrival);
  if (!isRefusal(verification)) throw new Error("It was let in");
  return verification;
}

async function signatureBy(key: string, body = BODY): Promise<string> {
  const { "X-Signature": signature = "" } = await (await createXSignature([key])).sign(body);
  return signature;
}

Deno.test("a refused X-Signature says what is wrong with it, and never a key", async () => {
  const auth = await createXSignature(["the-right-key", "an-old-key"]);
  const right = await signatureBy("the-right-key");
  const hex = Uint8Array.fromBase64(right).toHex();
  const cases: readonly (readonly [Lines, string, string, string | undefined])[] = [
    [{}, "header_missing", "no header X-Signature", undefined],
    [{ "svix-signature": "v1,x" }, "header_missing", "of Standard Webhooks or Svix", undefined],
    [{ Authorization: "Basic x" }, "header_missing", "an Authorization header", undefined],
    [{ "X-Signature": `${right}, ${right}` }, "header_doubled", "more than once", undefined],
    [{ "X-Signature": hex }, "header_malformed", "is right, written in lower-case hex", undefined],
    [{ "X-Signature": `sha512=${right}` }, "header_malformed", "is right, written with", undefined],
    [{ "X-Signature": "nonsense" }, "header_malformed", "88 characters", "X-Signature"],
    [
      { "X-Signature": await signatureBy("x") },
      "signature_wrong",
      "any of the 2 keys",
      "X-Signature",
    ],
  ];
  for (const [headers, reason, words, disproved] of cases) {
    const refusal = await refusalOf(auth, headers);
    assertEquals([refusal.reason, refusal.disprovedHeader], [reason, disproved]);
    assertStringIncludes(refusal.what, words);
    const text = JSON.stringify({ ...refusal, disprovedHeader: "" });
    assertEquals(
      [right, hex, "the-right-key", "an-old-key"].filter((one) => text.includes(one)),
      [],
    );
  }
  const { what } = await refusalOf(auth, { "X-Signature": await signatureBy("x") });
  assertStringIncludes(what, keyFingerprint("the-right-key"));
});

Deno.test("a refused message of Standard Webhooks says which header, how far off and which secret", async () => {
  const { id, timestamp, body } = MESSAGE;
  const at = (seconds: number) => ({ now: () => (timestamp + seconds) * 1000 });
  const auth = await createStandardWebhooks([SECRET], at(0));
  const without = (name: string) => {
    const headers = headersOf(id, timestamp, SIGNATURE);
    headers.delete(name);
    return headers;
  };
  const both = headersOf(id, timestamp, SIGNATURE);
  both.set("svix-id", id);
  const cases: readonly (readonly [Authenticator, Headers, string, string])[] = [
    [auth, new Headers(), "header_missing", "webhook-id and webhook-timestamp and webhook-sig"],
    [auth, without("webhook-timestamp"), "header_missing", "no header webhook-timestamp."],
    [auth, both, "header_doubled", "more than once"],
    [auth, headersOf("msg.1", timestamp, SIGNATURE), "header_malformed", "webhook-id"],
    [auth, headersOf(id, timestamp * 1000, SIGNATURE), "timestamp_malformed", "in milliseconds"],
    [auth, headersOf(id, "now", SIGNATURE), "timestamp_malformed", "whole seconds"],
    [auth, headersOf(id, timestamp, "x"), "header_malformed", "'v1,' and Base64"],
    [
      await createStandardWebhooks([SECRET], at(612)),
      headersOf(id, timestamp, SIGNATURE),
      "clock_off",
      "612 seconds ago; 300 are allowed",
    ],
    [
      await createStandardWebhooks([SECRET], at(-612)),
      headersOf(id, timestamp, SIGNATURE),
      "clock_off",
      "612 seconds ahead",
    ],
    [
      await createStandardWebhooks([OTHER_SECRET], at(0)),
      headersOf(id, timestamp, SIGNATURE),
      "signature_wrong",
      `the secret ${keyFingerprint(OTHER_SECRET)}`,
    ],
  ];
  for (const [one, headers, reason, words] of cases) {
    const refusal = await refusalOf(one, headers, body);
    assertEquals(refusal.reason, reason);
    assertStringIncludes(refusal.what, words);
  }
});

Deno.test("a wrong signature of Standard Webhooks is told how it was made", async () => {
  const { id, timestamp, body } = MESSAGE;
  const auth = await createStandardWebhooks([OTHER_SECRET, SECRET], {
    now: () => timestamp * 1000,
  });
  const text = new TextDecoder().decode(body);
  const key = Uint8Array.fromBase64(SECRET.slice("whsec_".length));
  const fixOf = async (bytes: Uint8Array<ArrayBuffer>, signed: string) => {
    const imported = await importHmacKey("SHA-256", bytes);
    const code = await crypto.subtle.sign("HMAC", imported, new TextEncoder().encode(signed));
    const headers = headersOf(id, timestamp, `v1,${new Uint8Array(code).toBase64()}`);
    const refusal = await refusalOf(auth, headers, body);
    assertEquals(JSON.stringify(refusal).includes(SECRET.slice(6)), false);
    return refusal.fix;
  };
  const whole = `${id}.${timestamp}.${text}`;
  const utf8 = (secret: string) => new TextEncoder().encode(secret);
  assertStringIncludes(await fixOf(utf8(SECRET), whole), "made with the secret's text");
  assertStringIncludes(await fixOf(utf8(SECRET.slice(6)), whole), "made with the secret's text");
  assertStringIncludes(await fixOf(key, text), "covers the body alone");
  assertStringIncludes(await fixOf(key, `${timestamp}.${text}`), "put the id and a dot before");
  assertStringIncludes(await fixOf(utf8("x"), whole), "Copy the secret of this very endpoint");
});

Deno.test("only what was tried of Standard Webhooks counts as disproved", async () => {
  const { id, timestamp, body } = MESSAGE;
  const auth = await createStandardWebhooks([OTHER_SECRET], { now: () => timestamp * 1000 });
  const ofList = async (list: string) =>
    (await refusalOf(auth, headersOf(id, timestamp, list), body)).disprovedHeader;
  assertEquals(await ofList(SIGNATURE), "webhook-signature");
  // The second may be right for whoever has the public key, or once it is written rightly.
  assertEquals(await ofList(`${SIGNATURE} v1a,${"A".repeat(86)}==`), undefined);
  assertEquals(await ofList(`${SIGNATURE} ${SIGNATURE.slice(0, -1)}`), undefined);
});

Deno.test("a refused login of Basic says which of both was wrong, for admins", async () => {
  const auth = await createBasic({ username: "ann", password: "correct" });
  const login = (text: string) => ({ Authorization: `Basic ${btoa(text)}` });
  const reasons = await Promise.all(
    [
      {},
      { Authorization: "Bearer x" },
      { Authorization: "Basic !" },
      login("eve:correct"),
      login("ann:x"),
    ]
      .map(async (headers) => (await refusalOf(auth, headers)).reason),
  );
  assertEquals(reasons, [
    "header_missing",
    "credentials_missing",
    "credentials_missing",
    "user_unknown",
    "password_wrong",
  ]);
});

Deno.test("a refused path token says whether it is missing or wrong", async () => {
  const auth = withPathToken(createNone(), "/uc", "0123456789abcdef");
  for (
    const [path, reason] of [
      ["/uc", "path_token_missing"],
      ["/uc/", "path_token_missing"],
      ["/uc/0123456789abcdeF", "path_token_wrong"],
      ["/uc/0123456789abcdef/", "path_token_wrong"],
    ] as const
  ) {
    assertEquals((await refusalOf(auth, {}, BODY, path)).reason, reason);
  }
});

Deno.test("a signature of Emporix is tried in sorted forms below a size and within a budget", async () => {
  let now = 0;
  const auth = await createEmporixSignature(["s"], { maxCanonicalBytes: 1000, now: () => now });
  const large = new TextEncoder().encode(`[1.0,${"1.0,".repeat(230)}1]`);
  const reasonOf = async (
    body: Uint8Array<ArrayBuffer>,
  ) => (await refusalOf(auth, { "emporix-event-signature": `${"A".repeat(43)}=` }, body));
  const tooLarge = await reasonOf(new Uint8Array(1001).fill(0x20));
  assertEquals([tooLarge.reason, tooLarge.disprovedHeader], ["not_examined", undefined]);
  assertStringIncludes(tooLarge.what, "more than 1000 bytes");
  assertEquals((await reasonOf(large)).reason, "signature_wrong");
  assertEquals((await reasonOf(large)).reason, "signature_wrong");
  const spent = await reasonOf(large);
  assertEquals([spent.reason, spent.disprovedHeader], ["not_examined", undefined]);

  // Small ones fit in still, raw bytes always, and after a while all of it.
  const url = () => new URL("http://host/");
  const from = (remoteAddress: string) => ({ remoteAddress, url });
  const signed = async (body: Uint8Array<ArrayBuffer>, address: string) => {
    const headers = new Headers({ "emporix-event-signature": await signEmporixEvent("s", body) });
    return isRefusal(await auth.verify(headers, body, from(address)));
  };
  assertEquals(await signed(BODY, "192.0.2.1"), false);
  assertEquals(await signed(large, "192.0.2.1"), true);
  assertEquals(await signed(large, "192.0.2.2"), false);
  assertEquals(
    await signed(new TextEncoder().encode(`{"a":"${"x".repeat(5000)}"}`), "192.0.2.1"),
    false,
  );
  now = 60_000;
  assertEquals(await signed(large, "192.0.2.1"), false);
  // What verifies costs nothing of it.
  for (let turn = 0; turn < 20; turn++) assertEquals(await signed(large, "192.0.2.1"), false);
});

Deno.test("a signature of Emporix that fits a sorted form alone is warned of", async () => {
  const auth = await createEmporixSignature(["s"]);
  const warningOf = async (signed: string, sent: string) => {
    const signature = await signEmporixEvent("s", new TextEncoder().encode(signed));
    const headers = new Headers({ "emporix-event-signature": signature });
    const verification = await auth.verify(headers, new TextEncoder().encode(sent));
    return isRefusal(verification) ? "refused" : verification.warning;
  };
  assertEquals(await warningOf('{"a":1}', '{"a":1}'), undefined);
  assertStringIncludes(
    await warningOf('{"a":1}', '{ "a": 1 }') ?? "",
    "not its bytes (stable form)",
  );
  assertStringIncludes(
    await warningOf('{"a":9007199254740992}', '{"a":9007199254740993}') ?? "",
    "other digits than were signed",
  );
});
