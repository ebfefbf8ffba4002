import { assertEquals } from "@std/assert";
import { keepServing } from "../../../../lib/http/listen/keep_serving.ts";

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
