import { assertEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
import { createHash, createHmac } from "node:crypto";
import { MESSAGES } from "../../../lib/http/problem/problem_answer.ts";
import { assertAlive, assertSigned, headOf, hmac, sample } from "../delivery.ts";
import { type Program, shareProgram, STACK_TRACE } from "../program.ts";
import { connect, type RawResponse, toBytes } from "../raw_http.ts";

const test = shareProgram();
const BODY = sample("order_approval");
const RIGHT = hmac(BODY);

/** Sends the vendor's example under header lines of a test's own making. */
async function send(program: Program, ...lines: readonly (string | Uint8Array)[]) {
  using connection = await connect(program);
  const head = headOf({ body: BODY, key: null, headers: { "X-Request-Id": "one-id" } });
  const signatures = lines.flatMap((line) => [line, "\r\n"]);
  await connection.send(head.slice(0, -2), ...signatures, "\r\n", BODY);
  return await connection.response();
}

/** All that a client could tell one refusal from another by. */
function visible({ status, headers, text }: RawResponse) {
  const { date: _date, ...rest } = headers;
  return { status, headers: rest, text };
}

/** The one refusal. */
const REFUSAL = JSON.stringify({
  message: MESSAGES.en.problems.signature_mismatch,
  code: "signature_mismatch",
  requestId: "one-id",
});

/** Sends each, one after the other, and asserts that all get the same refusal. */
async function assertAllRefused(
  program: Program,
  cases: Readonly<Record<string, readonly (string | Uint8Array)[]>>,
): Promise<void> {
  const refusal = await send(program, `X-Signature: ${hmac(BODY, "another-key")}`);
  assertEquals([refusal.status, refusal.text], [401, REFUSAL]);
  assertSigned(refusal);
  for (const [name, lines] of Object.entries(cases)) {
    assertEquals(visible(await send(program, ...lines)), visible(refusal), name);
  }
}

function flip(signature: string, index: number): string {
  const other = signature[index] === "A" ? "B" : "A";
  return `${signature.slice(0, index)}${other}${signature.slice(index + 1)}`;
}

test("the right signature is accepted, so that what follows is refused for its own sake", async (program) => {
  assertEquals((await send(program, `X-Signature: ${RIGHT}`)).status, 200);
  assertEquals((await send(program, `x-sIGNATURE:${RIGHT}`)).status, 200);
  assertEquals((await send(program, `X-Signature: \t ${RIGHT} \t `)).status, 200);
});

test("a missing and a wrong signature get one identical 401", async (program) => {
  const sha512 = createHash("sha512").update(BODY).digest("base64");
  const sha256 = createHmac("sha256", "development-key").update(BODY).digest("base64");
  await assertAllRefused(program, {
    missing: [],
    empty: ["X-Signature:"],
    "white space": ["X-Signature: \t  "],
    "under another name": [`X-Signature-512: ${RIGHT}`],
    "of the empty body": [`X-Signature: ${hmac("")}`],
    "plain SHA-512": [`X-Signature: ${sha512}`],
    "HMAC-SHA256": [`X-Signature: ${sha256}`],
    "first character": [`X-Signature: ${flip(RIGHT, 0)}`],
    "last character": [`X-Signature: ${flip(RIGHT, 85)}`],
  });
});

test("a malformed signature of any length gets the same 401", async (program) => {
  const hex = createHmac("sha512", "development-key").update(BODY).digest("hex");
  const urlSafe = RIGHT.replaceAll("+", "-").replaceAll("/", "_");
  const lengths = [1, 2, 3, 4, 63, 64, 65, 85, 86, 87, 89, 90, 128, 1000, 30_000];
  await assertAllRefused(program, {
    "no padding": [`X-Signature: ${RIGHT.slice(0, -2)}`],
    "half of the padding": [`X-Signature: ${RIGHT.slice(0, -1)}`],
    "too much padding": [`X-Signature: ${RIGHT}=`],
    hex: [`X-Signature: ${hex}`],
    ...(urlSafe === RIGHT ? {} : { "URL-safe": [`X-Signature: ${urlSafe}`] }),
    quoted: [`X-Signature: "${RIGHT}"`],
    "with a scheme": [`X-Signature: sha512=${RIGHT}`],
    "a space inside": [`X-Signature: ${RIGHT.slice(0, 44)} ${RIGHT.slice(44)}`],
    "with a comma": [`X-Signature: ${RIGHT},`],
    "percent-encoded": [`X-Signature: ${encodeURIComponent(RIGHT)}`],
    "a brace": ["X-Signature: {}"],
    ...Object.fromEntries(lengths.map((n) => [`${n} × A`, [`X-Signature: ${"A".repeat(n)}`]])),
    "longer by a copy": [`X-Signature: ${RIGHT}${RIGHT}`],
  });
});

test("bytes beyond ASCII in the signature get the same 401", async (program) => {
  const bytes = (...values: readonly number[]) => [
    concat([toBytes("X-Signature: "), new Uint8Array(values), toBytes(RIGHT)]),
  ];
  await assertAllRefused(program, {
    "UTF-8": bytes(0xc3, 0xa9),
    Latin1: bytes(0xe9),
    "not UTF-8": bytes(0xff, 0xfe, 0x80),
    "a byte order mark": bytes(0xef, 0xbb, 0xbf),
    "a no-break space": bytes(0xa0),
  });
});

test("several signature headers get the same 401, right as they may be", async (program) => {
  await assertAllRefused(program, {
    "twice the right one": [`X-Signature: ${RIGHT}`, `X-Signature: ${RIGHT}`],
    "right and wrong": [`X-Signature: ${RIGHT}`, `X-Signature: ${hmac("{}")}`],
    "wrong and right": ["X-Signature: x", `x-signature: ${RIGHT}`],
    "right and empty": [`X-Signature: ${RIGHT}`, "X-Signature:"],
    "empty and right": ["X-Signature:", `X-Signature: ${RIGHT}`],
    "joined in one": [`X-Signature: ${RIGHT}, ${RIGHT}`],
  });
});

test("none of this has harmed the server, and nothing it logged shows a key", async (program) => {
  await assertAlive(program);
  assertEquals(STACK_TRACE.exec(program.stderr()), null);
  assertEquals(program.stderr().includes("development-key"), false);
  assertEquals(program.stderr().includes(RIGHT), false);
});
