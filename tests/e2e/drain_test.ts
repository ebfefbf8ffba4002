import { assert, assertEquals, assertLess } from "@std/assert";
import { join } from "@std/path";
import { APPROVAL_ANSWER, headOf, hmac, KEY, sample } from "./delivery.ts";
import { createAuthority, openssl } from "./network/openssl.ts";
import { type Program, STACK_TRACE, startProgram, temporaryFolder } from "./program.ts";
import { connect } from "./raw_http.ts";
import { eventually } from "./waits.ts";

const BODY = sample("order_approval");
const STOPPING = /Stopping on \S+/;
const target = "/approve";
const key = "a-key-of-my-own";
/** Windows knows neither signal between processes. */
const ignore = Deno.build.os === "windows";

async function start(hostname: string): Promise<Program> {
  const approval = { kind: "ustore.order-approval", signatureKeys: [KEY] };
  return await startProgram({
    config: {
      server: { hostname, publicUrl: "http://localhost" },
      endpoints: [{ path: target, ...approval, otherwise: { customConfig: true } }],
    },
    // The key of a test is the one that is refused beyond loopback.
    env: { STOREHOOK_ENDPOINTS_0_SIGNATURE_KEYS_0: key },
  });
}

/** Whether somebody takes a connection and keeps it. */
async function accepts({ port }: Program): Promise<boolean> {
  try {
    using _connection = await Deno.connect({ hostname: "127.0.0.1", port });
    return true;
  } catch {
    return false;
  }
}

/**
 * Sends orders, the head first, then the body, as long as somebody answers: over one connection,
 * or over a new one when that is closed.
 */
async function keepSending(program: Program, statuses: Map<number, number>): Promise<void> {
  for (;;) {
    try {
      using connection = await connect(program);
      for (let isOpen = true; isOpen;) {
        await connection.send(headOf({ target, key }));
        await connection.send(BODY);
        const { status, headers } = await connection.response();
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        isOpen = headers["connection"] !== "close";
      }
    } catch {
      // It is closed, perhaps because it has ended.
      if (!await accepts(program)) return;
    }
  }
}

for (const [where, hostname] of [["on loopback", "127.0.0.1"], ["beyond loopback", "0.0.0.0"]]) {
  Deno.test({
    name: `${where}, a server that stops under load answers what is in, and ends soon`,
    ignore,
    async fn() {
      await using program = await start(hostname ?? "");
      const statuses = new Map<number, number>();
      const clients = Array.from({ length: 120 }, () => keepSending(program, statuses));
      await eventually("500 answers", () => (statuses.get(200) ?? 0) >= 500, {
        soFar: () => JSON.stringify([...statuses]),
      });
      const startedAt = performance.now();
      program.kill("SIGTERM");
      assertEquals((await program.status).code, 0);
      assertLess(performance.now() - startedAt, 10_000);
      await Promise.all(clients);
      const others = [...statuses.keys()].filter((status) => status !== 200);
      // The runtime, which listens by itself on loopback, cuts off what begins when it ends.
      assertEquals(others.filter((status) => hostname !== "127.0.0.1" || status !== 503), []);
      assert(!STACK_TRACE.test(program.stderr()));
      assert(!program.stderr().includes("body_timeout"));
    },
  });
}

Deno.test({
  name: "beyond loopback, a server that stops takes no connection while a body is on its way",
  ignore,
  async fn() {
    await using program = await start("0.0.0.0");
    using half = await connect(program);
    await half.send(headOf({ target, key }), BODY.subarray(0, 2000));
    // What is answered after it proves that it is in.
    await (await fetch(`http://127.0.0.1:${program.port}/livez`)).text();
    program.kill("SIGTERM");
    await program.logged(STOPPING);
    await eventually("no more connections", async () => !await accepts(program));
    await half.send(BODY.subarray(2000));
    const answer = await half.response();
    assertEquals([answer.status, answer.text], [200, APPROVAL_ANSWER]);
    assertEquals(answer.headers["connection"], "close");
    half[Symbol.dispose]();
    assertEquals((await program.status).code, 0);
  },
});

Deno.test({
  name: "a server that stops closes idle connections soon",
  ignore,
  async fn() {
    for (const hostname of ["127.0.0.1", "0.0.0.0"]) {
      await using program = await start(hostname);
      const idle = await Promise.all(Array.from({ length: 20 }, () => connect(program)));
      const startedAt = performance.now();
      program.kill("SIGTERM");
      assertEquals((await program.status).code, 0);
      assertLess(performance.now() - startedAt, 10_000);
      for (const one of idle) assertEquals(await one.rest(), "");
      for (const one of idle) one[Symbol.dispose]();
    }
  },
});

Deno.test({
  name:
    "a client of HTTP/2 that goes on asking does not keep a server that stops, and loses nothing",
  ignore: ignore || openssl.missing !== undefined,
  async fn() {
    await using folder = await temporaryFolder();
    const authority = await createAuthority(folder.path);
    await authority.sign("server");
    const at = (name: string) => join(folder.path, name);
    await using program = await startProgram({
      config: {
        server: { tls: { certificate: at("server.crt"), key: at("server.key") } },
        endpoints: [{
          path: target,
          kind: "ustore.order-approval",
          signatureKeys: [key],
          otherwise: { approve: true },
        }],
      },
    });
    const caCerts = [await Deno.readTextFile(authority.certificate)];
    using client = Deno.createHttpClient({ caCerts, http1: false });
    const headers = { "Content-Type": "application/json", "X-Signature": hmac(BODY, key) };
    const statuses: number[] = [];

    /** Over the one connection that all share: one answer after the other, until there is none. */
    async function keepAsking(): Promise<void> {
      for (;;) {
        const request = { method: "POST", headers, body: BODY, client };
        const response = await fetch(`${program.url}${target}`, request).catch(() => undefined);
        if (response === undefined) return;
        await response.bytes();
        statuses.push(response.status);
      }
    }

    const asking = Array.from({ length: 4 }, keepAsking);
    await eventually("50 answers", () => statuses.length >= 50, {
      soFar: () => String(statuses.length),
    });
    assertEquals(new Set(statuses), new Set([200]));
    const startedAt = performance.now();
    program.kill("SIGTERM");
    assertEquals((await program.status).code, 0);
    assertLess(performance.now() - startedAt, 10_000);
    await Promise.all(asking);
    // Who is refused at the end is told so, and may come again.
    assertEquals(statuses.filter((status) => status !== 200 && status !== 503), []);
    assert(!STACK_TRACE.test(program.stderr()));
  },
});
