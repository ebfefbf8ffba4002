import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { listen, NotListening, startRunning } from "../../../../lib/cli/serve/running.ts";
import { createMeters } from "../../../../lib/observe/metrics/meters.ts";
import { loadFine } from "../../config/load_text.ts";
import { memoryJournal } from "../../journal/memory/memory.ts";

const LOOPBACK = { hostname: "127.0.0.1", port: 0 };

/** A config that is served at free ports, with an endpoint at each path. */
async function servable(...paths: readonly string[]) {
  return await loadFine({
    server: LOOPBACK,
    admin: LOOPBACK,
    endpoints: paths.map((path) => ({ path, kind: "fake.kind", signatureKeys: ["a-long-key"] })),
  });
}

function tools() {
  return { meters: createMeters("1.2.3"), details: {} };
}

async function statusOf(url: string, method = "GET"): Promise<number> {
  const response = await fetch(url, { method });
  await response.body?.cancel();
  return response.status;
}

Deno.test("startRunning() serves the endpoints, and the admin listener beside them", async () => {
  const running = await startRunning(await servable("/a"), memoryJournal(), tools());
  try {
    assertEquals(await statusOf(`${running.url}/readyz`), 200);
    assertEquals(await statusOf(`${running.url}/nowhere`, "POST"), 404);
    assertEquals(await statusOf(`${running.url}/a`, "POST"), 401);
    const metrics = await (await fetch(`${running.adminUrl}/metrics`)).text();
    assertMatch(metrics, /version="1\.2\.3"/);
  } finally {
    await running.stop();
  }
});

Deno.test("swap() serves another config from the next request on", async () => {
  const running = await startRunning(await servable("/a"), memoryJournal(), tools());
  try {
    running.swap(await servable("/b"));
    assertEquals(await statusOf(`${running.url}/a`, "POST"), 404);
    assertEquals(await statusOf(`${running.url}/b`, "POST"), 401);
  } finally {
    await running.stop();
  }
});

Deno.test("stop() ends both listeners and closes the journal", async () => {
  let isClosed = false;
  const journal = memoryJournal();
  const closing = { ...journal, close: () => (isClosed = true, journal.close()) };
  const running = await startRunning(await servable("/a"), closing, tools());
  await running.stop();
  assertEquals(isClosed, true);
  for (const url of [running.url, running.adminUrl]) {
    await assertRejects(() => fetch(`${url}/readyz`), TypeError);
  }
});

Deno.test("startRunning() ends the admin listener when the public one can't listen", async () => {
  using taken = Deno.listen(LOOPBACK);
  const admin = Deno.listen(LOOPBACK);
  const adminPort = admin.addr.port;
  admin.close();
  const loaded = await servable("/a");
  const config = {
    ...loaded.config,
    server: { ...loaded.config.server, port: taken.addr.port },
    admin: { ...loaded.config.admin, port: adminPort },
  };
  const journal = memoryJournal();
  const error = await assertRejects(
    () => startRunning({ ...loaded, config }, journal, tools()),
    NotListening,
  );
  assertMatch(
    error.message,
    new RegExp(`^Cannot listen on 127\\.0\\.0\\.1, port ${taken.addr.port}: `),
  );
  Deno.listen({ hostname: "127.0.0.1", port: adminPort }).close();
  await journal.close();
});

const FAILURES: readonly (readonly [error: Error, port: number, hint: string])[] = [
  [new Deno.errors.AddrInUse("in use"), 80, "in use; stop the program that listens there, or set"],
  [
    new Deno.errors.AddrNotAvailable("no"),
    80,
    "no; set server.hostname, STOREHOOK_SERVER_HOSTNAME",
  ],
  [
    new Deno.errors.PermissionDenied("no"),
    80,
    "no; set server.port, STOREHOOK_SERVER_PORT or --port to 1024",
  ],
  [new Deno.errors.PermissionDenied("no"), 8080, "to one that the system has not kept for itself"],
  [new TypeError("what?"), 8080, "what?; see server.hostname"],
];

for (const [error, port, hint] of FAILURES) {
  Deno.test(`listen() says what to do about ${error.name} at port ${port}`, () => {
    const fail = () => {
      throw error;
    };
    assertThrows(
      () => listen("server", { hostname: "10.0.0.1", port }, fail),
      NotListening,
      hint,
    );
  });
}
