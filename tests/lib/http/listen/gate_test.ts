import { assertEquals } from "@std/assert";
import { type Gate, isShortOfDescriptors, openGate } from "../../../../lib/http/listen/gate.ts";

const LIMITS = { headTimeoutMs: 10_000, idleTimeoutMs: 10_000, maxConnections: 10 };

/** A gate before a server that sends back what it gets, and counts who connects. */
function echo() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let connected = 0;
  const serving = (async () => {
    for await (const connection of listener) {
      connected++;
      connection.readable.pipeTo(connection.writable).catch(() => undefined);
    }
  })();
  const gate = openGate(
    { hostname: "127.0.0.1", port: 0 },
    () => ({ port: listener.addr.port, hold: () => () => {} }),
    { ...LIMITS, isProxy: () => false },
  );
  return {
    gate,
    connected: () => connected,
    async end() {
      gate.close();
      listener.close();
      await serving.catch(() => undefined);
      await gate.closeAll();
    },
  };
}

function connectTo({ addr }: Gate): Promise<Deno.TcpConn> {
  return Deno.connect({ hostname: "127.0.0.1", port: addr.port });
}

async function readAll(connection: Deno.TcpConn): Promise<Uint8Array> {
  const bytes: number[] = [];
  const buffer = new Uint8Array(65_536);
  for (;;) {
    const count = await connection.read(buffer);
    if (count === null) break;
    bytes.push(...buffer.subarray(0, count));
  }
  return Uint8Array.from(bytes);
}

Deno.test("openGate() passes bytes both ways, the first ones too, and the end of them", async () => {
  const { gate, end } = echo();
  using connection = await connectTo(gate);
  const sent = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
  const answer = readAll(connection);
  for (let written = 0; written < sent.length;) {
    written += await connection.write(sent.subarray(written));
  }
  await connection.closeWrite();
  assertEquals(await answer, sent);
  await end();
});

Deno.test("openGate() connects to no server for who sends nothing", async () => {
  const { gate, connected, end } = echo();
  {
    using _silent = await connectTo(gate);
    using talking = await connectTo(gate);
    await talking.write(new Uint8Array([1]));
    assertEquals(await talking.read(new Uint8Array(1)), 1);
  }
  assertEquals(connected(), 1);
  await end();
});

Deno.test("isShortOfDescriptors() knows the words of each system, and no fault of a connection", () => {
  const coded = (code: string) => Object.assign(new Error("accept"), { code });
  const short = [
    coded("EMFILE"),
    coded("ENFILE"),
    new Error("Too many open files (os error 24)"),
    new Error("An operation on a socket could not be performed (os error 10055)"),
  ];
  assertEquals(short.map(isShortOfDescriptors), short.map(() => true));
  const others = [
    new Deno.errors.ConnectionReset("Connection reset by peer (os error 104)"),
    new Deno.errors.NotConnected("Transport endpoint is not connected (os error 107)"),
    coded("ECONNABORTED"),
    undefined,
    "EMFILE",
  ];
  assertEquals(others.map(isShortOfDescriptors), others.map(() => false));
});
