import { assertEquals } from "@std/assert";
import { APPROVAL_ANSWER, deliver, headOf, KEY, requestOf } from "../delivery.ts";
import { shareProgram } from "../program.ts";
import { connect } from "../raw_http.ts";

const target = "/approve";

function configOf(limits: object): object {
  return {
    // Beyond loopback, where connections are limited.
    server: { hostname: "0.0.0.0", publicUrl: "http://localhost", ...limits },
    endpoints: [{
      path: target,
      kind: "ustore.order-approval",
      signatureKeys: [KEY],
      otherwise: { customConfig: true },
      addresses: ["127.0.0.1"],
    }],
  };
}

// The key of a test is the one that is refused beyond loopback.
const test = shareProgram({
  config: configOf({ headTimeoutMs: 300, idleTimeoutMs: 300, maxConnections: 4 }),
  env: { STOREHOOK_ENDPOINTS_0_SIGNATURE_KEYS_0: "a-key-of-my-own" },
});
const key = "a-key-of-my-own";

test("who takes too long for the head of a request is closed, and others are served", async (program) => {
  using slow = await connect(program);
  using silent = await connect(program);
  await slow.send(`POST ${target} HTTP/1.1\r\nHost: x\r\n`);
  const answer = await deliver(program, { target, key });
  assertEquals([answer.status, answer.text], [200, APPROVAL_ANSWER]);
  assertEquals([await slow.rest(), await silent.rest()], ["", ""]);
});

test("a connection that stays idle after its answer is closed", async (program) => {
  using connection = await connect(program);
  await connection.send(requestOf({ target, key }));
  assertEquals((await connection.response()).text, APPROVAL_ANSWER);
  await connection.send(requestOf({ target, key }));
  assertEquals((await connection.response()).text, APPROVAL_ANSWER);
  assertEquals(await connection.rest(), "");
});

test("a client that is told to close and does not is closed", async (program) => {
  using connection = await connect(program);
  await connection.send(headOf({ target, key, headers: { "Content-Length": "99999999999" } }));
  assertEquals((await connection.response()).status, 413);
  assertEquals(await connection.rest(), "");
});

test("for one connection too many the one that has waited longest is closed", async (program) => {
  using first = await connect(program);
  await first.send("POST");
  const others = await Promise.all([1, 2, 3, 4].map(() => connect(program)));
  assertEquals(await first.rest(), "");
  const answer = await deliver(program, { target, key });
  assertEquals(answer.status, 200);
  for (const other of others) other[Symbol.dispose]();
});

// How long a body of 20 MB takes depends on what else the machine does.
const patient = shareProgram({
  config: configOf({}),
  env: { STOREHOOK_ENDPOINTS_0_SIGNATURE_KEYS_0: key },
});

patient("a client that sends far too much can read why it is refused", async (program) => {
  const body = new Uint8Array(20_000_000).fill(0x20);
  const answer = await deliver(program, { target, key, body });
  assertEquals(answer.status, 413);
});
