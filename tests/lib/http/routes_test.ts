import { assertEquals } from "@std/assert";
import { createNone } from "../../../lib/auth/passwords.ts";
import { createCapacity } from "../../../lib/http/limits.ts";
import { createRoutes, readDetails } from "../../../lib/http/routes.ts";
import { memoryJournal } from "../journal/memory/memory.ts";
import { JournalUnavailable } from "../../../lib/journal/errors.ts";
import { fakeEndpoint } from "./fake_endpoint.ts";

const served = {
  endpoints: [],
  tools: {
    readBody: () => Promise.resolve(new Uint8Array()),
    journal: memoryJournal(),
    capacity: createCapacity(1),
  },
  exports: () => undefined,
  checkHost: () => undefined,
  readiness: () => Promise.resolve({ ready: true, details: { forwards: { failed: 1 } } }),
};
const routes = createRoutes(served);

async function readyz(remoteAddress: string, headers: HeadersInit = {}): Promise<unknown> {
  const request = new Request("http://host/readyz", { headers });
  return (await (await routes(request, { address: remoteAddress, arrival: undefined })).json());
}

Deno.test("createRoutes() tells which part is not ready, and to nobody where its files are", async () => {
  const ask = createRoutes({
    ...served,
    readiness: () =>
      Promise.resolve({ ready: false, part: "journal", reason: "journal: /data/journal.db" }),
  });
  const request = new Request("http://host/readyz");
  const response = await ask(request, { address: "127.0.0.1", arrival: undefined });
  assertEquals([response.status, await response.json()], [503, {
    status: "unavailable",
    reason: "journal",
  }]);
});

Deno.test("createRoutes() tells the details of readiness to this machine alone", async () => {
  const detailed = { status: "ok", details: { forwards: { failed: 1 } } };
  assertEquals(await readyz("127.0.0.1"), detailed);
  assertEquals(await readyz("::1"), detailed);
  assertEquals(await readyz("192.0.2.7"), { status: "ok" });
  assertEquals(await readyz("127.0.0.1", { "X-Forwarded-For": "192.0.2.7" }), { status: "ok" });
  assertEquals(await readyz("127.0.0.1", { Forwarded: "for=192.0.2.7" }), { status: "ok" });
});

Deno.test("createRoutes() gives a path to the longest endpoint above it, whatever their order", async () => {
  const ingestion = { below: true, json: true };
  const endpointOf = (path: string, below: boolean) =>
    fakeEndpoint(createNone(), {
      path,
      ...(below ? { ingestion } : {}),
      answer: () => ({ result: JSON.stringify(path), decisions: [] }),
    });
  const endpoints = [
    endpointOf("/", true),
    endpointOf("/emporix", true),
    endpointOf("/emporix/b", true),
    endpointOf("/emporix/b/orders", false),
    endpointOf("/exports", true),
  ];
  const expected: Readonly<Record<string, string | number>> = {
    "/emporix": "/emporix",
    "/emporix/cart.created": "/emporix",
    "/emporix/": "/emporix",
    "/emporix/b": "/emporix/b",
    "/emporix/b/": "/emporix/b",
    "/emporix/b/cart.created": "/emporix/b",
    "/emporix/b/c/d": "/emporix/b",
    "/emporix/bb": "/emporix",
    "/emporixb": "/",
    "/emporixb/cart.created": "/",
    "/emporix/b/orders": "/emporix/b/orders",
    "/emporix/b/orders/x": 404,
    "/cart.created": "/",
    "/exports": "/exports",
    "/exports/x": 404,
  };
  const body = new TextEncoder().encode("{}");
  const headers = { "Content-Type": "application/json" };
  for (const ordered of [endpoints, endpoints.toReversed()]) {
    const capacity = createCapacity(100);
    const route = createRoutes({
      ...served,
      endpoints: ordered,
      tools: { ...served.tools, capacity, readBody: () => Promise.resolve(body) },
    });
    for (const [path, wanted] of Object.entries(expected)) {
      const request = new Request(`http://host${path}`, { method: "POST", headers, body });
      const response = await route(request, { address: "127.0.0.1", arrival: undefined });
      const found = await response.json();
      assertEquals(response.status === 200 ? found : response.status, wanted, path);
    }
    const health = await route(new Request("http://host/livez"), {
      address: "127.0.0.1",
      arrival: undefined,
    });
    assertEquals([health.status, await health.json()], [200, { status: "ok" }]);
  }
});

Deno.test("readDetails() says null for a part that can't tell, and goes on", async () => {
  const details = {
    forwards() {
      throw new JournalUnavailable("Cannot use the journal: it is closed");
    },
    config: () => "the changed file has mistakes; the old one is served",
  };
  assertEquals(await readDetails(details), { forwards: null, config: details.config() });
});
