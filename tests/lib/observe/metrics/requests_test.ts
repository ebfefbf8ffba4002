import { assertEquals } from "@std/assert";
import {
  createRequestMeter,
  type MeteredRequest,
} from "../../../../lib/observe/metrics/requests.ts";
import { createRegistry } from "../../../../lib/observe/metrics/registry.ts";
import { valueOf } from "./parse_metrics.ts";

const ENDPOINT = {
  path: "/orders",
  kind: "fake.kind",
  rules: [{ name: "large" }, { name: "never" }],
  auth: { keyFingerprints: ["0a1b2c3d", "4e5f6071"] },
};

function requestOf(parts: Partial<MeteredRequest> = {}): MeteredRequest {
  return {
    endpoint: ENDPOINT,
    decisions: [],
    events: [],
    problem: undefined,
    verified: undefined,
    receivedAt: 0,
    ...parts,
  };
}

function decision(rule: string | null, failed: readonly string[] = []) {
  const failures = failed.map((name) => ({ rule: name, reason: "division by zero" }));
  return { rule, outcome: null, tried: 1, failures };
}

function setUp() {
  const registry = createRegistry();
  const meter = createRequestMeter(registry);
  const read = async (name: string, labels: Readonly<Record<string, string>>) =>
    valueOf(await registry.text(), `storehook_${name}`, labels);
  return { meter, read };
}

Deno.test("answered() counts status, duration, decisions and failed rules of an endpoint", async () => {
  const { meter, read } = setUp();
  const decisions = [decision("large", ["never"]), decision("large"), decision(null)];
  meter.answered(requestOf({ decisions }), 200, 2);
  meter.answered(requestOf(), 200, 400);
  const endpoint = "/orders";
  assertEquals(await read("requests_total", { endpoint, kind: "fake.kind", status: "200" }), 2);
  assertEquals(await read("request_duration_seconds_sum", { endpoint }), 0.402);
  assertEquals(await read("request_duration_seconds_bucket", { endpoint, le: "0.0025" }), 1);
  assertEquals(await read("decisions_total", { endpoint, rule: "large" }), 2);
  assertEquals(await read("decisions_total", { endpoint, rule: "no rule" }), 1);
  assertEquals(await read("rule_failures_total", { endpoint, rule: "never" }), 1);
});

Deno.test("answered() counts errors by code, and signature failures by themselves", async () => {
  const { meter, read } = setUp();
  meter.answered(requestOf({ problem: { code: "signature_mismatch" } }), 401, 1);
  meter.answered(requestOf({ problem: { code: "not_json" } }), 400, 1);
  const endpoint = "/orders";
  assertEquals(await read("errors_total", { endpoint, code: "signature_mismatch" }), 1);
  assertEquals(await read("errors_total", { endpoint, code: "not_json" }), 1);
  assertEquals(await read("signature_failures_total", { endpoint }), 1);
});

Deno.test("answered() tells when each key was last used", async () => {
  const { meter, read } = setUp();
  const endpoint = "/orders";
  meter.prepare([ENDPOINT]);
  meter.answered(requestOf({ verified: { keyIndex: 1 }, receivedAt: 1_700_000_000_500 }), 200, 1);
  meter.answered(requestOf(), 401, 1);
  const lastUsed = (key: string) => read("key_last_used_timestamp_seconds", { endpoint, key });
  assertEquals([await lastUsed("0a1b2c3d"), await lastUsed("4e5f6071")], [0, 1_700_000_000.5]);
});

Deno.test("answered() counts events by type only once they are kept", async () => {
  const { meter, read } = setUp();
  const events = [{ type: "cart.created" }, { type: "" }];
  meter.answered(requestOf({ events }), 204, 1);
  meter.answered(requestOf({ events, problem: { code: "unavailable" } }), 503, 1);
  const endpoint = "/orders";
  assertEquals(await read("events_received_total", { endpoint, type: "cart.created" }), 1);
  assertEquals(await read("events_received_total", { endpoint, type: "unknown" }), 1);
});

Deno.test("answered() bounds the types of events that a sender can make up", async () => {
  const { meter, read } = setUp();
  for (let index = 0; index < 150; index++) {
    meter.answered(requestOf({ events: [{ type: `type-${index}` }] }), 204, 1);
  }
  const endpoint = "/orders";
  assertEquals(await read("events_received_total", { endpoint, type: "type-99" }), 1);
  assertEquals(await read("events_received_total", { endpoint, type: "type-100" }), undefined);
  assertEquals(await read("events_received_total", { endpoint, type: "other" }), 50);
});

Deno.test("answered() takes no type for a label that is no name", async () => {
  const { meter, read } = setUp();
  for (const type of ["x".repeat(101), "a\u0000b", "a\u001b[31mb", "a\u202eb", "other"]) {
    meter.answered(requestOf({ events: [{ type }] }), 204, 1);
  }
  const endpoint = "/orders";
  assertEquals(await read("events_received_total", { endpoint, type: "other" }), 5);
});

Deno.test("prepare() makes what has not happened 0 rather than missing", async () => {
  const { meter, read } = setUp();
  const endpoint = "/orders";
  assertEquals(await read("signature_failures_total", { endpoint }), undefined);
  meter.prepare([ENDPOINT]);
  assertEquals(await read("signature_failures_total", { endpoint }), 0);
  assertEquals(await read("decisions_total", { endpoint, rule: "never" }), 0);
  assertEquals(await read("request_duration_seconds_count", { endpoint }), 0);
});

Deno.test("an endpoint that a new config brings goes on with the figures of its path", async () => {
  const { meter, read } = setUp();
  meter.answered(requestOf({ decisions: [decision("large")] }), 200, 1);
  const endpoint = { ...ENDPOINT, rules: [{ name: "large" }, { name: "new" }] };
  meter.prepare([endpoint]);
  meter.answered(requestOf({ endpoint, decisions: [decision("large")] }), 200, 1);
  assertEquals(await read("decisions_total", { endpoint: "/orders", rule: "large" }), 2);
  assertEquals(await read("decisions_total", { endpoint: "/orders", rule: "new" }), 0);
});

Deno.test("answeredItself() counts paths of no endpoint under one label", async () => {
  const { meter, read } = setUp();
  meter.answeredItself("unknown", 404, 1);
  meter.answeredItself("health", 200, 1);
  const endpoint = "other";
  assertEquals(await read("requests_total", { endpoint, kind: "unknown", status: "404" }), 1);
  assertEquals(await read("requests_total", { endpoint, kind: "health", status: "200" }), 1);
  assertEquals(await read("request_duration_seconds_count", { endpoint }), 2);
});

Deno.test("watch() asks how many requests are in whenever metrics are read", async () => {
  const { meter, read } = setUp();
  let count = 3;
  meter.watch(() => count);
  assertEquals(await read("requests_in_flight", {}), 3);
  count = 0;
  assertEquals(await read("requests_in_flight", {}), 0);
});
