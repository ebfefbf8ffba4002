import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import {
  keepServing,
  type ListenOptions,
  openListener,
  type Respond,
} from "../../../../lib/http/listen/listener.ts";
import { readTlsPair } from "../../../../lib/http/listen/tls.ts";
import { createAuthority, openssl } from "../../../e2e/network/openssl.ts";
import { temporaryFolder } from "../../../e2e/program.ts";

const OPTIONS: ListenOptions = {
  hostname: "127.0.0.1",
  port: 0,
  headTimeoutMs: 10_000,
  idleTimeoutMs: 10_000,
  maxConnections: 10,
  isProxy: () => false,
};
const respond: Respond = async (request, { remoteAddress, connection }) => {
  await request.bytes();
  return Response.json({ remoteAddress, isLimited: connection !== undefined });
};

Deno.test("openListener() lets the runtime listen on loopback, and a gate beyond, with the client's address", async () => {
  for (const [hostname, isLimited] of [["127.0.0.1", false], ["0.0.0.0", true]] as const) {
    const listener = openListener({ ...OPTIONS, hostname }, respond);
    assertMatch(listener.url, /^http:\/\/[\d.]+:\d+$/);
    const response = await fetch(`http://127.0.0.1:${new URL(listener.url).port}/`);
    assertEquals(await response.json(), { remoteAddress: "127.0.0.1", isLimited });
    assertEquals(listener.close === undefined, !isLimited);
    await listener.shutdown();
  }
});

Deno.test("openListener() behind a gate takes no connection once it is closed, and lets go of idle ones", async () => {
  const listener = openListener({ ...OPTIONS, hostname: "0.0.0.0" }, respond);
  const port = Number(new URL(listener.url).port);
  using idle = await Deno.connect({ hostname: "127.0.0.1", port });
  await idle.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  const buffer = new Uint8Array(1000);
  assertMatch(new TextDecoder().decode(buffer.subarray(0, await idle.read(buffer) ?? 0)), /^HTTP/);
  const closeIdle = listener.close?.();
  // Who was just answered may have sent its next request already.
  assertEquals(closeIdle?.(60_000), 1);
  assertEquals(closeIdle?.(0), 0);
  assertEquals(await idle.read(buffer), null);
  await Deno.connect({ hostname: "127.0.0.1", port }).then(
    (connection) => {
      connection.close();
      throw new Error("A connection was taken");
    },
    (error: unknown) => assertEquals(error instanceof Deno.errors.ConnectionRefused, true),
  );
  await listener.shutdown();
});

Deno.test("openListener() throws where another program listens", async () => {
  for (const hostname of ["127.0.0.1", "0.0.0.0"]) {
    const first = openListener({ ...OPTIONS, hostname }, respond);
    const port = Number(new URL(first.url).port);
    assertThrows(
      () => openListener({ ...OPTIONS, hostname, port }, respond),
      Deno.errors.AddrInUse,
    );
    await first.shutdown();
  }
});

const missing = openssl.missing !== undefined;

Deno.test({
  name: `openListener() shows new connections a new certificate, and ends none of those before${
    missing ? " (skipped: this machine has no openssl)" : ""
  }`,
  ignore: missing,
  async fn() {
    await using folder = await temporaryFolder();
    const authorities = await Promise.all(["old", "new"].map(async (name) => {
      const path = join(folder.path, name);
      await Deno.mkdir(path);
      const authority = await createAuthority(path);
      await authority.sign("server");
      const at = (file: string) => join(path, file);
      return {
        pair: await readTlsPair({ certificate: at("server.crt"), key: at("server.key") }),
        caCerts: [await Deno.readTextFile(authority.certificate)],
      };
    }));
    const [before, after] = authorities;
    if (before === undefined || after === undefined) throw new Error("There are no certificates");
    const listener = openListener(OPTIONS, respond, before.pair);
    const port = Number(new URL(listener.url).port);
    const connect = async (caCerts: string[]) => {
      const connection = await Deno.connectTls({ hostname: "127.0.0.1", port, caCerts });
      try {
        await connection.handshake();
        return connection;
      } catch (error) {
        connection.close();
        throw error;
      }
    };
    const ask = async (connection: Deno.TlsConn) => {
      const buffer = new Uint8Array(1000);
      await connection.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
      return new TextDecoder().decode(buffer.subarray(0, await connection.read(buffer) ?? 0));
    };
    assertMatch(listener.url, /^https:/);
    using old = await connect(before.caCerts);
    assertMatch(await ask(old), /^HTTP\/1\.1 200/);
    await assertRejects(() => connect(after.caCerts), Error, "certificate");

    listener.renew(after.pair);
    using next = await connect(after.caCerts);
    assertMatch(await ask(next), /^HTTP\/1\.1 200/);
    await assertRejects(() => connect(before.caCerts), Error, "certificate");
    assertMatch(await ask(old), /^HTTP\/1\.1 200/);
    await listener.shutdown();
  },
});

/** A server of the runtime that ends when it is told to. */
function fakeServer(port: number) {
  const ended = Promise.withResolvers<void>();
  const server: Deno.HttpServer<Deno.NetAddr> = {
    finished: ended.promise,
    addr: { transport: "tcp", hostname: "127.0.0.1", port },
    ref: () => {},
    unref: () => {},
    shutdown: () => Promise.resolve(ended.resolve()),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { server, fail: () => ended.reject(new Error("Too many open files")) };
}

Deno.test("keepServing() begins again on its port, as often as it takes", async () => {
  const ports: number[] = [];
  const begun = Promise.withResolvers<void>();
  const first = fakeServer(4000);
  const kept = keepServing((port) => {
    ports.push(port);
    if (ports.length === 1) return first.server;
    if (ports.length === 2) throw new Error("Too many open files");
    begun.resolve();
    return fakeServer(port).server;
  }, 0);
  assertEquals(kept.addr.port, 4000);
  first.fail();
  await begun.promise;
  assertEquals(ports, [0, 4000, 4000]);
  await kept.shutdown();
});

Deno.test("keepServing() begins nothing again once it is told to end", async () => {
  let count = 0;
  const one = fakeServer(4000);
  const kept = keepServing(() => {
    count++;
    return one.server;
  }, 0);
  const ending = kept.shutdown();
  one.fail();
  await ending;
  await new Promise((resolve) => setTimeout(resolve, 150));
  assertEquals(count, 1);
});
