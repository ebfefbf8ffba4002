import { assertEquals } from "@std/assert";
import { createCapacity } from "../../../lib/http/limits/capacity.ts";
import { createRoutes } from "../../../lib/http/routes.ts";
import { memoryJournal } from "../../../lib/journal/memory/memory.ts";

const served = {
  endpoints: [],
  tools: {
    readBody: () => Promise.resolve(new Uint8Array()),
    journal: memoryJournal(),
    capacity: createCapacity(1),
  },
  exports: () => undefined,
  checkHost: () => undefined,
  readiness: () => ({ ready: true, details: { forwards: { failed: 1 } } }),
};
const routes = createRoutes(served);

async function readyz(remoteAddress: string, headers: HeadersInit = {}): Promise<unknown> {
  const request = new Request("http://host/readyz", { headers });
  return (await (await routes(request, { address: remoteAddress, arrival: undefined })).json());
}

Deno.test("createRoutes() tells which part is not ready, and to nobody where its files are", async () => {
  const ask = createRoutes({
    ...served,
    readiness: () => ({ ready: false, part: "journal", reason: "journal: /data/journal.db" }),
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
