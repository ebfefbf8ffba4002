import { assertEquals } from "@std/assert";
import { createXSignature } from "../../../lib/auth/x_signature.ts";
import type { Answer, Endpoint } from "../../../lib/http/endpoint.ts";
import { startServer } from "../../../lib/http/server.ts";
import { memoryJournal } from "../journal/memory/memory.ts";
import { fakeEndpoint } from "./fake_endpoint.ts";

const SETTINGS = {
  hostname: "127.0.0.1",
  port: 0,
  maxBodyBytes: 1000,
  bodyTimeoutMs: 1000,
  maxInFlight: 10,
  maxPendingBodyBytes: 10_000,
  maxPendingBodyBytesPerAddress: 10_000,
  trustedProxies: [],
  allowedHosts: [],
  maxConnections: 100,
  headTimeoutMs: 10_000,
  idleTimeoutMs: 10_000,
};
const auth = await createXSignature(["the-key"]);
const body = new TextEncoder().encode("{}");

function endpointOf(answer: Endpoint["answer"]): Endpoint {
  return fakeEndpoint(auth, { answer });
}

function serve(endpoint: Endpoint) {
  return startServer(SETTINGS, {
    endpoints: [endpoint],
    journal: memoryJournal(),
    exports: () => undefined,
  });
}

async function send(url: string): Promise<string> {
  const headers = { "Content-Type": "application/json", ...await auth.sign(body) };
  return await (await fetch(`${url}/a`, { method: "POST", headers, body })).text();
}

/** Whether somebody listens. */
async function accepts(url: string): Promise<boolean> {
  try {
    using _connection = await Deno.connect({
      hostname: "127.0.0.1",
      port: Number(new URL(url).port),
    });
    return true;
  } catch (error) {
    // Reset is what was in the queue of a listener when it was closed.
    const isClosed = error instanceof Deno.errors.ConnectionRefused ||
      error instanceof Deno.errors.ConnectionReset;
    if (isClosed) return false;
    throw error;
  }
}

/** An endpoint that answers when a test says so. */
function heldEndpoint() {
  const begun = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Answer>();
  const endpoint = endpointOf(() => {
    begun.resolve();
    return answer.promise;
  });
  return { begun: begun.promise, answer: answer.resolve, endpoint };
}

Deno.test("stop() takes no connections while it waits for what is in", async () => {
  const held = heldEndpoint();
  const server = serve(held.endpoint);
  const answered = send(server.url);
  await held.begun;
  const stopped = server.stop();
  assertEquals((await server.readiness()).reason, "draining");
  while (await accepts(server.url));
  held.answer({ result: '"late"', decisions: [] });
  assertEquals(await answered, '"late"');
  await stopped;
});

Deno.test("swap() leaves what is in to the endpoint to which it came", async () => {
  const held = heldEndpoint();
  const server = serve(held.endpoint);
  const answered = send(server.url);
  await held.begun;
  server.swap(SETTINGS, [endpointOf(() => ({ result: '"after"', decisions: [] }))]);
  assertEquals(await send(server.url), '"after"');
  held.answer({ result: '"before"', decisions: [] });
  assertEquals(await answered, '"before"');
  server.swap({ ...SETTINGS, maxBodyBytes: 1 }, [held.endpoint]);
  assertEquals(JSON.parse(await send(server.url)).code, "body_too_large");
  await server.stop();
});
