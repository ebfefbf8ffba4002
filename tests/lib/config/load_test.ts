import { assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import { machineTimeZone } from "../../../lib/util/time_zone.ts";
import { loadFine } from "./load_text.ts";

const key = { signatureKeys: ["long enough"] };
const endpoint = { path: "/a", kind: "fake.kind", ...key };

Deno.test("loadConfig() fills in every default", async () => {
  const { config, endpoints, warnings } = await loadFine({ endpoints: [endpoint] });
  const { journal, ...rest } = config;
  assertEquals(rest, {
    timeZone: machineTimeZone(),
    isTimeZoneSet: false,
    server: {
      hostname: "127.0.0.1",
      port: 8080,
      publicUrl: "http://127.0.0.1:8080",
      maxBodyBytes: 6291456,
      bodyTimeoutMs: 10000,
      allowedHosts: [],
      decisionTimeoutMs: 250,
      trustedProxies: [],
      maxPendingBodyBytes: 268_435_456,
      maxPendingBodyBytesPerAddress: 67_108_864,
      maxInFlight: 512,
      maxConnections: 2000,
      headTimeoutMs: 10000,
      idleTimeoutMs: 120000,
    },
    admin: { hostname: "127.0.0.1", port: 8081, allowedHosts: [] },
    console: { users: [], tokens: [] },
    log: { level: "info", format: "auto", maxBytes: 100_000_000, maxFiles: 10 },
    services: {},
    destinations: {},
    tests: [],
    endpoints: [{
      path: "/a",
      kind: "fake.kind",
      forward: [],
      settings: { ...key, mode: "strict", rules: [] },
    }],
  });
  assertEquals(journal.retentionDays, 90);
  assertEquals(endpoints.map(({ path, kind }) => [path, kind]), [["/a", "fake.kind"]]);
  assertEquals(warnings, []);
});

Deno.test("loadConfig() opens an endpoint with the public URL, without a slash at its end", async () => {
  const { endpoints } = await loadFine({
    server: { publicUrl: "https://hooks.example/base/" },
    endpoints: [endpoint],
  });
  const answer = await endpoints[0]?.answer({
    document: {},
    requestId: "1",
    body: new Uint8Array(),
    headers: new Headers(),
    url: () => new URL("http://localhost/"),
    exportOf: () => Promise.reject(new Error("not asked for")),
    ask: () => Promise.reject(new Error("not asked for")),
  });
  assertEquals(answer?.result, '"https://hooks.example/base"');
});

Deno.test("loadConfig() resolves paths against the folder of the config", async () => {
  const { config } = await loadFine({
    journal: { path: "data/j.db" },
    log: { file: "logs/s.log" },
    destinations: { out: { type: "folder", path: "exports" } },
    endpoints: [endpoint],
  });
  const folder = dirname(dirname(config.journal.path));
  assertEquals(config.journal.path, join(folder, "data", "j.db"));
  assertEquals(config.log.file, join(folder, "logs", "s.log"));
  const { out } = config.destinations;
  assertEquals(out?.type === "folder" && out.path, join(folder, "exports"));
});
