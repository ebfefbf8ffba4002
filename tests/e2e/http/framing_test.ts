import { assertEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
import {
  APPROVAL_ANSWER,
  assertAlive,
  assertSigned,
  deliver,
  headOf,
  hmac,
  PATHS,
  requestOf,
  sample,
} from "../delivery.ts";
import { shareProgram, STACK_TRACE } from "../program.ts";
import { connect, type RawResponse, toBytes } from "../raw_http.ts";

const test = shareProgram();
const BODY = sample("order_approval");
const CHUNKED = { "Content-Length": null, "Transfer-Encoding": "chunked" };

function assertApproved(response: RawResponse, what?: string): void {
  assertEquals([response.status, response.text], [200, APPROVAL_ANSWER], what);
  assertSigned(response);
}

/** Cuts bytes into chunks, in the form of the chunked encoding. */
function chunksOf(bytes: Uint8Array, ...sizes: readonly number[]): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const chunk = bytes.subarray(at, at + (sizes[turn % sizes.length] ?? bytes.length));
    at += chunk.length;
    chunks.push(concat([toBytes(`${chunk.length.toString(16)}\r\n`), chunk, toBytes("\r\n")]));
  }
  return chunks;
}

for (const sizes of [[1], [7, 1, 13], [4096, 1], [BODY.length]]) {
  test(`a chunked body is read, in chunks of ${sizes.join(" and ")} bytes`, async (program) => {
    using connection = await connect(program);
    const chunks = chunksOf(BODY, ...sizes);
    await connection.send(headOf({ headers: CHUNKED }), ...chunks, "0\r\n\r\n");
    assertApproved(await connection.response());
  });
}

test("a chunked body is read with extensions, capitals, zeros in front and a trailer", async (program) => {
  using connection = await connect(program);
  const size = `000${BODY.length.toString(16).toUpperCase()};name="a;b"`;
  const trailer = "X-Checksum: 1\r\n\r\n";
  await connection.send(headOf({ headers: CHUNKED }), size, "\r\n", BODY, "\r\n0\r\n", trailer);
  assertApproved(await connection.response());
});

test("a body that arrives byte group by byte group is read", async (program) => {
  using connection = await connect(program);
  const bytes = requestOf();
  for (let at = 0; at < bytes.length; at += 500) {
    await connection.send(bytes.subarray(at, at + 500));
  }
  assertApproved(await connection.response());
});

test("a byte order mark is a part of the signed bytes, and no harm", async (program) => {
  const body = concat([new Uint8Array([0xef, 0xbb, 0xbf]), BODY]);
  assertApproved(await deliver(program, { body }));
  const unsignedMark = await deliver(program, { body, headers: { "X-Signature": hmac(BODY) } });
  assertEquals(unsignedMark.status, 401);
});

test("every form of the JSON type is accepted, and none at all", async (program) => {
  const types = [
    null,
    "application/json",
    "application/json;charset=utf-8",
    'application/json; charset="UTF-8"',
    "application/json ; charset=utf8",
    "application/json; odata=verbose; charset=utf-8",
    "APPLICATION/JSON; CHARSET=UTF-8",
    "text/json",
    "application/vnd.ustore.order+json",
    "application/problem+json; charset=us-ascii",
  ];
  for (const type of types) {
    const response = await deliver(program, { headers: { "Content-Type": type } });
    assertApproved(response, type ?? "no type");
  }
});

test("header names are read in any case", async (program) => {
  for (
    const change of [(text: string) => text.toLowerCase(), (text: string) => text.toUpperCase()]
  ) {
    const head = headOf().replaceAll(/^[\w-]+(?=:)/gm, change);
    using connection = await connect(program);
    await connection.send(head, BODY);
    assertApproved(await connection.response());
  }
});

test("an absolute target is taken by its path, whatever its host", async (program) => {
  for (const origin of ["http://127.0.0.1", "http://elsewhere.example:99", "https://[::1]"]) {
    const response = await deliver(program, { target: `${origin}${PATHS.order_approval}` });
    assertApproved(response, origin);
  }
});

test("an odd Host header does not matter", async (program) => {
  const hosts = [
    null,
    "",
    "a b",
    "[::1",
    "user@host",
    "x:99999",
    "%",
    "xn--a",
    "é",
    "..",
    ":",
    "*",
  ];
  for (const host of hosts) {
    const response = await deliver(program, { headers: { Host: host } });
    assertApproved(response, `Host: ${host}`);
  }
});

test("what a client accepts does not change the bytes of the answer", async (program) => {
  const headers = { "Accept-Encoding": "gzip, br, deflate, zstd", Accept: "text/html" };
  const delivery = { target: PATHS.cart_export, body: sample("cart_export"), headers };
  const response = await deliver(program, delivery);
  assertEquals([response.status, response.headers["content-encoding"]], [200, undefined]);
  assertSigned(response);
  const refused = await deliver(program, { ...delivery, body: "{" });
  assertEquals([refused.status, refused.headers["content-encoding"]], [400, undefined]);
  assertSigned(refused);
});

test("after all of this the server is well", async (program) => {
  await assertAlive(program);
  assertEquals(STACK_TRACE.exec(program.stderr()), null);
});
