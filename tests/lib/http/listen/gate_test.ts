import { assertEquals } from "@std/assert";
import { type Gate, isShortOfDescriptors, openGate } from "../../../../lib/http/listen/gate.ts";

const LIMITS = { headTimeoutMs: 10_000, idleTimeoutMs: 10_000, maxConnections: 10 };

/** A gate before a server that sends back what it gets, and counts who connects. */
function echo(limits: Partial<typeof LIMITS> = {}) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let connected = 0;
  let held = 0;
  const ports: number[] = [];
  const serving = (async () => {
    for await (const connection of listener) {
      connected++;
      ports.push(connection.remoteAddr.port);
      connection.readable.pipeTo(connection.writable).catch(() => undefined);
    }
  })();
  const gate = openGate(
    { hostname: "127.0.0.1", port: 0 },
    () => ({
      port: listener.addr.port,
      hold() {
        held++;
        return () => void held--;
      },
    }),
    { ...LIMITS, ...limits, isProxy: () => false },
  );
  return {
    gate,
    connected: () => connected,
    held: () => held,
    ports,
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

Deno.test("openGate() knows who is behind a connection, and holds its server meanwhile", async () => {
  const { gate, held, ports, end } = echo();
  using connection = await connectTo(gate);
  await connection.write(new Uint8Array([1]));
  await connection.read(new Uint8Array(1));
  const [port = 0] = ports;
  assertEquals(gate.clientAt(port)?.remoteAddress, "127.0.0.1");
  assertEquals(gate.clientAt(1), undefined);
  assertEquals(held(), 1);
  await connection.closeWrite();
  await readAll(connection);
  connection.close();
  await end();
  assertEquals([held(), gate.clientAt(port)], [0, undefined]);
});

Deno.test("openGate() closes who sends nothing for too long", async () => {
  const { gate, connected, end } = echo({ headTimeoutMs: 40 });
  using silent = await connectTo(gate);
  assertEquals((await readAll(silent)).length, 0);
  assertEquals(connected(), 0);
  await end();
});

Deno.test("openGate() closes the idlest for another when there are too many", async () => {
  const { gate, end } = echo({ maxConnections: 2 });
  {
    using first = await connectTo(gate);
    using second = await connectTo(gate);
    await second.write(new Uint8Array([1]));
    await second.read(new Uint8Array(1));
    using third = await connectTo(gate);
    await third.write(new Uint8Array([3]));
    assertEquals(await third.read(new Uint8Array(1)), 1);
    assertEquals((await readAll(first)).length, 0);
  }
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
