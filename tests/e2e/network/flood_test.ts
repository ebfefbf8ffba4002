import { assertEquals, assertLess } from "@std/assert";
import { createConnection, Socket } from "node:net";
import { APPROVAL_ANSWER, deliver, headOf, KEY } from "../delivery.ts";
import { type Program, startProgram } from "../program.ts";
import { connect, type RawConnection, type RawResponse } from "../raw_http.ts";

const target = "/approve";
const key = "a-key-of-my-own";
/** On loopback the runtime listens by itself, else the gate does. */
const LISTENERS = { "on loopback": "127.0.0.1", "beyond loopback": "0.0.0.0" } as const;

async function start(hostname: string, limits: object = {}): Promise<Program> {
  const approval = { kind: "ustore.order-approval", signatureKeys: [KEY] };
  return await startProgram({
    config: {
      server: { hostname, publicUrl: "http://localhost", ...limits },
      endpoints: [{ path: target, ...approval, otherwise: { customConfig: true } }],
    },
    // The key of a test is the one that is refused beyond loopback.
    env: { STOREHOOK_ENDPOINTS_0_SIGNATURE_KEYS_0: key },
  });
}

/** Opens connections that announce a body and send a piece of it. */
async function announce(
  program: Program,
  count: number,
  { bytes, sent = " " }: { readonly bytes: number; readonly sent?: string | Uint8Array },
): Promise<readonly RawConnection[]> {
  const head = headOf({ target, key, headers: { "Content-Length": String(bytes) } });
  return await Promise.all(Array.from({ length: count }, async () => {
    const connection = await connect(program);
    await connection.send(head, sent);
    return connection;
  }));
}

function closeAll(connections: readonly RawConnection[]): void {
  for (const connection of connections) connection[Symbol.dispose]();
}

/** Delivers an order, and gives how long that took. */
async function timeDelivery(program: Program): Promise<number> {
  const startedAt = performance.now();
  const answer = await deliver(program, { target, key });
  assertEquals([answer.status, answer.text], [200, APPROVAL_ANSWER]);
  return performance.now() - startedAt;
}

function assertRefused({ status, headers, text }: RawResponse, wanted: number, code: string) {
  assertEquals([status, JSON.parse(text).code], [wanted, code]);
  assertEquals([headers["retry-after"], headers["connection"]], ["1", "close"]);
}

/** The memory that a process has, in bytes. */
async function memoryOf({ pid }: Program): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}

/** Connects and resets at once. */
function reset(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve());
    socket.on("connect", () => socket.resetAndDestroy());
  });
}

/** Connects and closes at once. */
function closeAtOnce(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve());
    socket.on("connect", () => socket.destroy());
  });
}

/**
 * Delivers orders while others connect; gives how long that took. What a delivery waits for is
 * answered after those that came before it, so no more than one round is ever on its way.
 */
async function timeRounds(
  program: Program,
  connectOnly: (port: number) => Promise<void>,
): Promise<number> {
  const startedAt = performance.now();
  for (let round = 0; round < 30; round++) {
    const others = Array.from({ length: 10 }, () => connectOnly(program.port));
    await Promise.all([...others, timeDelivery(program)]);
  }
  return performance.now() - startedAt;
}

for (const [where, hostname] of Object.entries(LISTENERS)) {
  Deno.test({
    name: `${where}, connections that are reset at once keep nobody waiting`,
    // Deno 2.5 has no way to reset one.
    ignore: !("resetAndDestroy" in Socket.prototype),
    async fn() {
      await using program = await start(hostname, { maxConnections: 50 });
      using idle = await connect(program);
      const quietMs = await timeRounds(program, closeAtOnce);
      const resettingMs = await timeRounds(program, reset);
      // A pause for each of them would make it fifty times as long.
      assertLess(resettingMs, 10 * quietMs);
      // Nobody was closed for them either.
      await idle.send(`GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      assertEquals((await idle.response()).status, 200);
    },
  });

  Deno.test({
    name: `${where}, what a body announces takes no memory`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      await using program = await start(hostname, { bodyTimeoutMs: 60_000 });
      await timeDelivery(program);
      const before = await memoryOf(program);
      const slow = await announce(program, 400, { bytes: 5_000_000 });
      assertLess(await timeDelivery(program), 5000);
      assertLess(await memoryOf(program) - before, 200_000_000);
      closeAll(slow);
    },
  });

  Deno.test(`${where}, slow bodies give way to another that comes`, async () => {
    await using program = await start(hostname, { bodyTimeoutMs: 60_000, maxConnections: 20 });
    const slow = await announce(program, 20, { bytes: 100_000 });
    for (let count = 0; count < 3; count++) assertLess(await timeDelivery(program), 5000);
    closeAll(slow);
  });

  Deno.test(`${where}, an address gets a 429 when it has too much on its way`, async () => {
    await using program = await start(hostname, {
      bodyTimeoutMs: 60_000,
      maxBodyBytes: 300_000,
      maxPendingBodyBytesPerAddress: 1_000_000,
    });
    const sent = new Uint8Array(250_000).fill(0x20);
    const many = await announce(program, 8, { bytes: 300_000, sent });
    const refused = await Promise.any(many.map((one) => one.response()));
    assertRefused(refused, 429, "too_many_requests");
    closeAll(many);
    await timeDelivery(program);
  });

  Deno.test(`${where}, all addresses get a 503 when there is too much on its way`, async () => {
    await using program = await start(hostname, {
      bodyTimeoutMs: 60_000,
      maxBodyBytes: 300_000,
      maxPendingBodyBytes: 1_000_000,
    });
    const sent = new Uint8Array(250_000).fill(0x20);
    const many = await announce(program, 8, { bytes: 300_000, sent });
    const refused = await Promise.any(many.map((one) => one.response()));
    assertRefused(refused, 503, "overloaded");
    closeAll(many);
  });
}
