import { assert, assertEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
import { MESSAGES } from "../../../lib/http/problem/problem_answer.ts";
import {
  APPROVAL_ANSWER,
  assertAlive,
  assertProblem,
  assertSigned,
  deliver,
  headOf,
  hmac,
  sample,
} from "../delivery.ts";
import { shareProgram, STACK_TRACE } from "../program.ts";
import { connect, toBytes } from "../raw_http.ts";

const MAX_BODY_BYTES = 6_291_456;

const test = shareProgram();

const CHUNKED = { "Content-Length": null, "Transfer-Encoding": "chunked" };
const TOO_LARGE = MESSAGES.en.problems.body_too_large.replace("{limit}", String(MAX_BODY_BYTES));

/** The vendor's example with white space in front, so that it has this many bytes. */
function orderOf(bytes: number): Uint8Array<ArrayBuffer> {
  const order = sample("order_approval");
  return concat([new Uint8Array(bytes - order.length).fill(0x20), order]);
}

test("a body of exactly the limit is answered", async (program) => {
  const response = await deliver(program, { body: orderOf(MAX_BODY_BYTES) });
  assertEquals([response.status, response.text], [200, APPROVAL_ANSWER]);
  assertSigned(response);
});

test("6 MiB of valid JSON full of values are answered", async (program) => {
  const text = new TextDecoder().decode(sample("order_approval"));
  const filler = '{"a":[1,"é",null]},'.repeat(310_000);
  const body = text.replace("{", `{"Unknown":[${filler}0],`);
  assert(new TextEncoder().encode(body).length > 6_000_000);
  const response = await deliver(program, { body });
  assertEquals([response.status, response.text], [200, APPROVAL_ANSWER]);
});

test("a byte more gets a 413, by its Content-Length and by counting", async (program) => {
  const body = orderOf(MAX_BODY_BYTES + 1);
  assertProblem(await deliver(program, { body }), 413, "body_too_large", TOO_LARGE);
  using connection = await connect(program);
  const size = `${body.length.toString(16)}\r\n`;
  await connection.send(headOf({ headers: CHUNKED }), size, body, "\r\n0\r\n\r\n");
  assertProblem(await connection.response(), 413, "body_too_large", TOO_LARGE);
});

test("a client that sends much more can read its 413, and is served after it", async (program) => {
  const body = new Uint8Array(20_000_000).fill(0x20);
  assertProblem(await deliver(program, { body }), 413, "body_too_large", TOO_LARGE);
  using connection = await connect(program);
  const head = headOf({ body, headers: CHUNKED });
  await connection.send(head, `${body.length.toString(16)}\r\n`, body, "\r\n0\r\n\r\n");
  assertProblem(await connection.response(), 413, "body_too_large", TOO_LARGE);
  await assertAlive(program);
});

test("a Content-Length past the limit gets a 413 before the body is sent", async (program) => {
  using connection = await connect(program);
  await connection.send(headOf({ headers: { "Content-Length": "99999999999" } }));
  assertProblem(await connection.response(), 413, "body_too_large", TOO_LARGE);
});

test("JSON nested 200,000 deep gets a 400, of arrays and of objects, closed or not", async (program) => {
  const depth = 200_000;
  const bodies = [
    "[".repeat(depth) + "]".repeat(depth),
    "[".repeat(depth),
    '{"a":'.repeat(depth) + "1" + "}".repeat(depth),
    `{"Order":${"[".repeat(depth)}${"]".repeat(depth)}}`,
  ];
  for (const body of bodies) {
    const response = await deliver(program, { body });
    assertProblem(response, 400, "too_deep", MESSAGES.en.problems.too_deep);
  }
  await assertAlive(program);
});

test("brackets inside of texts are no depth", async (program) => {
  const text = new TextDecoder().decode(sample("order_approval"));
  const note = JSON.stringify(`\\"${"[{".repeat(5000)}`);
  const response = await deliver(program, { body: text.replace("{", `{"Note":${note},`) });
  assertEquals([response.status, response.text], [200, APPROVAL_ANSWER]);
});

test("a large body with a wrong signature is refused for its signature alone", async (program) => {
  const body = "[".repeat(1_000_000);
  const response = await deliver(program, { body, headers: { "X-Signature": hmac("") } });
  assertProblem(response, 401, "signature_mismatch");
});

test("the text of a huge number of digits does not hold the server", async (program) => {
  const body = toBytes(
    `{"Order":{"Prices":{"TotalPrice":"1"},"OrderProducts":[],"CustomConfig":"${
      "9".repeat(3_000_000)
    }"}}`,
  );
  const response = await deliver(program, { body });
  assertProblem(response, 400, "unreadable_custom_configuration");
  assert(response.body.length < 1000);
});

test("after all of this the server is well", async (program) => {
  await assertAlive(program);
  assertEquals(STACK_TRACE.exec(program.stderr()), null);
});
