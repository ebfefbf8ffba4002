import { assert, assertEquals } from "@std/assert";
import {
  APPROVAL_ANSWER,
  assertAlive,
  assertProblem,
  assertSigned,
  headOf,
  KEY,
  sample,
} from "./delivery.ts";
import { type Program, STACK_TRACE, startProgram } from "./program.ts";
import { connect } from "./raw_http.ts";

const BODY = sample("order_approval");
const STOPPING = /Stopping on \S+/;
/** A supervisor waits no longer. */
const SUPERVISOR_MS = 15_000;
/** Windows knows neither signal between processes. */
const ignore = Deno.build.os === "windows";

function assertClean(program: Program): void {
  assertEquals(STACK_TRACE.exec(program.stderr()), null);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test({
    name: `${signal} ends a server that has nothing to do, and exits 0`,
    ignore,
    async fn() {
      await using program = await startProgram();
      await assertAlive(program);
      using idle = await connect(program);
      using halfAHead = await connect(program);
      await halfAHead.send(headOf().slice(0, 100));
      program.kill(signal);
      assertEquals((await program.status).code, 0);
      assertEquals(await idle.rest(), "");
      assertClean(program);
    },
  });

  Deno.test({
    name: `${signal} lets a request finish whose body is half sent, and then exits 0`,
    ignore,
    async fn() {
      await using program = await startProgram();
      using connection = await connect(program);
      using chunked = await connect(program);
      const CHUNKED = { "Content-Length": null, "Transfer-Encoding": "chunked" };
      await connection.send(headOf(), BODY.subarray(0, 2000));
      await chunked.send(headOf({ headers: { ...CHUNKED, Expect: "100-continue" } }));
      // The server reads it, so that it is in.
      assertEquals((await chunked.response()).status, 100);
      await assertAlive(program);

      program.kill(signal);
      await program.logged(STOPPING);
      await connection.send(BODY.subarray(2000));
      await chunked.send(`${BODY.length.toString(16)}\r\n`, BODY, "\r\n0\r\n\r\n");
      for (const each of [connection, chunked]) {
        const response = await each.response();
        assertEquals([response.status, response.text], [200, APPROVAL_ANSWER]);
        assertSigned(response);
      }
      assertEquals((await program.status).code, 0);
      assertClean(program);
    },
  });

  Deno.test({
    name: `a second ${signal} ends the server at once`,
    ignore,
    async fn() {
      await using program = await startProgram();
      using connection = await connect(program);
      await connection.send(headOf(), BODY.subarray(0, 2000));
      await assertAlive(program);
      program.kill(signal);
      await program.logged(STOPPING);
      program.kill(signal);
      // It would be 0 if the request had been waited for.
      assertEquals((await program.status).code, 1);
      assertClean(program);
    },
  });
}

Deno.test({
  name: "while it waits for a request, readiness says so and others are answered",
  ignore,
  async fn() {
    await using program = await startProgram();
    using connection = await connect(program);
    await connection.send(headOf(), BODY.subarray(0, 2000));
    await assertAlive(program);
    program.kill("SIGTERM");
    await program.logged(STOPPING);

    using probe = await connect(program);
    await probe.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const readiness = await probe.response();
    assertEquals(
      [readiness.status, readiness.text, readiness.headers["retry-after"]],
      [503, '{"status":"unavailable","reason":"draining"}', "5"],
    );
    // Each answer closes its connection now.
    assertEquals(readiness.headers["connection"], "close");
    using other = await connect(program);
    await other.send("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n");
    assertEquals((await other.response()).text, '{"status":"ok"}');
    await assertAlive(program);

    await connection.send(BODY.subarray(2000));
    assertEquals((await connection.response()).status, 200);
    assertEquals((await program.status).code, 0);
    assertClean(program);
  },
});

Deno.test({
  name: "a body that never comes does not keep the server from ending",
  ignore,
  async fn() {
    const endpoint = {
      path: "/ustore/order-approval",
      kind: "ustore.order-approval",
      signatureKeys: [KEY],
      otherwise: { customConfig: true },
    };
    const server = { bodyTimeoutMs: 200 };
    await using program = await startProgram({ config: { server, endpoints: [endpoint] } });
    using refused = await connect(program);
    await refused.send(headOf(), BODY.subarray(0, 2000));
    assertProblem(await refused.response(), 408, "body_timeout");
    using pending = await connect(program);
    await pending.send(headOf(), BODY.subarray(0, 2000));
    await assertAlive(program);
    const startedAt = performance.now();
    program.kill("SIGTERM");
    assertProblem(await pending.response(), 408, "body_timeout");
    assertEquals((await program.status).code, 0);
    assert(performance.now() - startedAt < SUPERVISOR_MS);
    assertClean(program);
  },
});
