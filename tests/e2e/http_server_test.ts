import { assertEquals, assertRejects } from "@std/assert";
import { serveHttp } from "./http_server.ts";
import { within } from "./waits.ts";

Deno.test("a server of a test ends with a connection on which nothing was ever asked", async () => {
  const server = serveHttp(() => new Response("answered"));
  using silent = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  // It has been taken when one that came later was answered.
  assertEquals(await (await fetch(server.url)).text(), "answered");
  await within("the end", server[Symbol.asyncDispose](), { deadlineMs: 10_000 });
  assertEquals(await silent.read(new Uint8Array(1)), null);
  await assertRejects(() => fetch(server.url), TypeError);
});

Deno.test("a server of a test ends when what was asked is answered", async () => {
  const came = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const server = serveHttp(async () => {
    came.resolve();
    await gate.promise;
    return new Response("answered at last");
  });
  const answer = fetch(server.url);
  await came.promise;
  const ended = server[Symbol.asyncDispose]();
  gate.resolve();
  assertEquals(await (await answer).text(), "answered at last");
  await ended;
});
