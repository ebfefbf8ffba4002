import { assert, assertEquals } from "@std/assert";
import { MESSAGES } from "../../../lib/http/problem/problem_answer.ts";
import { assertAlive, assertProblem, headOf, KEY, requestOf } from "../delivery.ts";
import { type Program, shareProgram, STACK_TRACE } from "../program.ts";
import { connect, type RawConnection } from "../raw_http.ts";

const BODY_TIMEOUT_MS = 300;

const test = shareProgram({
  config: {
    server: { bodyTimeoutMs: BODY_TIMEOUT_MS },
    endpoints: [{
      path: "/ustore/order-approval",
      kind: "ustore.order-approval",
      signatureKeys: [KEY],
      otherwise: { customConfig: true },
    }],
  },
});

const CHUNKED = { "Content-Length": null, "Transfer-Encoding": "chunked" };

/** Sends a byte at a time, without end, until an answer is there. */
async function drip(connection: RawConnection, piece: string, every: number): Promise<void> {
  let isAnswered = false;
  const answer = connection.response().finally(() => isAnswered = true);
  const timer = setInterval(() => {
    if (!isAnswered) connection.send(piece);
  }, every);
  try {
    assertProblem(await answer, 408, "body_timeout", MESSAGES.en.problems.body_timeout);
  } finally {
    clearInterval(timer);
  }
}

async function assertTimesOut(
  program: Program,
  begin: string | Uint8Array,
  piece: string,
): Promise<void> {
  using connection = await connect(program);
  const startedAt = performance.now();
  await connection.send(begin);
  await drip(connection, piece, 40);
  assert(performance.now() - startedAt >= BODY_TIMEOUT_MS - 1);
}

test("a body that drips gets a 408, with a length and chunked", async (program) => {
  await Promise.all([
    assertTimesOut(program, headOf(), " "),
    assertTimesOut(program, headOf({ headers: CHUNKED }), "1\r\n \r\n"),
    assertTimesOut(program, requestOf().slice(0, -1), ""),
    assertTimesOut(program, headOf({ key: null }), " "),
  ]);
});

test("others are answered while some drip", async (program) => {
  const slow = Array.from({ length: 10 }, () => assertTimesOut(program, headOf(), " "));
  await Promise.all(Array.from({ length: 20 }, () => assertAlive(program)));
  await Promise.all(slow);
});

test("after all of this the server is well", async (program) => {
  await assertAlive(program);
  assertEquals(STACK_TRACE.exec(program.stderr()), null);
});
