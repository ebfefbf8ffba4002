import { assertEquals } from "@std/assert";
import {
  APPROVAL_ANSWER,
  assertAlive,
  assertSigned,
  type Delivery,
  headOf,
  hmac,
  PATHS,
  requestOf,
  sample,
} from "../delivery.ts";
import { shareProgram, STACK_TRACE } from "../program.ts";
import { connect, type RawResponse } from "../raw_http.ts";

const test = shareProgram();
const BODY = sample("order_approval");
const CHUNKED = { "Content-Length": null, "Transfer-Encoding": "chunked" };

function assertApproved(response: RawResponse): void {
  assertEquals([response.status, response.text], [200, APPROVAL_ANSWER]);
  assertSigned(response);
}

test("Expect: 100-continue is answered before the body is sent", async (program) => {
  using connection = await connect(program);
  await connection.send(headOf({ headers: { Expect: "100-continue" } }));
  const { status, text } = await connection.response();
  assertEquals([status, text], [100, ""]);
  await connection.send(BODY);
  assertApproved(await connection.response());
});

test("Expect: 100-continue works with a chunked body too, as .NET sends it", async (program) => {
  using connection = await connect(program);
  await connection.send(headOf({ headers: { ...CHUNKED, Expect: "100-continue" } }));
  assertEquals((await connection.response()).status, 100);
  await connection.send(`${BODY.length.toString(16)}\r\n`, BODY, "\r\n0\r\n\r\n");
  assertApproved(await connection.response());
});

test("Expect: 100-continue goes before a refusal too, and the connection goes on", async (program) => {
  using connection = await connect(program);
  const headers = { Expect: "100-continue", "Content-Type": "text/plain" };
  await connection.send(headOf({ headers }));
  assertEquals((await connection.response()).status, 100);
  await connection.send(BODY);
  assertEquals((await connection.response()).status, 415);
  await connection.send(requestOf());
  assertApproved(await connection.response());
});

test("a refusal does not cost the connection, however its body arrives", async (program) => {
  const refused: readonly [number, Delivery][] = [
    [405, { method: "PUT" }],
    [415, { headers: { "Content-Type": "text/plain" } }],
    [404, { target: "/nowhere" }],
    [405, { target: "/livez" }],
    [401, { key: "another-key" }],
  ];
  using connection = await connect(program);
  for (const [status, delivery] of [...refused, ...refused]) {
    // The head is answered, or not, before there is a body.
    await connection.send(headOf(delivery));
    await assertAlive(program);
    await connection.send(BODY);
    assertEquals((await connection.response()).status, status);
  }
  await connection.send(requestOf());
  assertApproved(await connection.response());
});

test("a connection is kept for several requests, refused ones between them", async (program) => {
  using connection = await connect(program);
  const wrong = { headers: { "X-Signature": hmac("{}") } };
  const deliveries: readonly [number, Delivery][] = [
    [200, {}],
    [401, wrong],
    [200, { target: PATHS.manufacturer, body: sample("manufacturer") }],
    [404, { target: "/nowhere" }],
    [400, { body: "{" }],
    [405, { method: "PUT" }],
    [200, { target: PATHS.cart_export, body: sample("cart_export") }],
    [200, {}],
  ];
  for (const [status, delivery] of deliveries) {
    await connection.send(requestOf(delivery));
    assertEquals((await connection.response()).status, status);
  }
});

test("pipelined requests are answered in their order", async (program) => {
  using connection = await connect(program);
  const ids = Array.from({ length: 20 }, (_, index) => `request-${index}`);
  await connection.send(...ids.map((id, index) =>
    requestOf({
      ...(index % 3 === 0 ? { key: "wrong" } : {}),
      headers: { "X-Request-Id": id },
    })
  ));
  for (const [index, id] of ids.entries()) {
    const response = await connection.response();
    assertEquals(response.headers["x-request-id"], id);
    assertEquals(response.status, index % 3 === 0 ? 401 : 200);
    assertSigned(response);
  }
});

test("HTTP/1.0 is answered, and its connection closed", async (program) => {
  using connection = await connect(program);
  await connection.send(headOf({ headers: { Host: null } }).replace("HTTP/1.1", "HTTP/1.0"), BODY);
  assertApproved(await connection.response());
  assertEquals(await connection.rest(), "");
});

test("Connection: close is honoured", async (program) => {
  using connection = await connect(program);
  await connection.send(requestOf({ headers: { Connection: "close" } }));
  assertApproved(await connection.response());
  assertEquals(await connection.rest(), "");
});

test("after all of this the server is well", async (program) => {
  await assertAlive(program);
  assertEquals(STACK_TRACE.exec(program.stderr()), null);
});
