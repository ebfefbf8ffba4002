import { assertEquals } from "@std/assert";
import {
  createForwardMeter,
  type WatchedCounts,
  type WatchedForwarding,
} from "../../../../lib/observe/metrics/forwards.ts";
import { createRegistry } from "../../../../lib/observe/metrics/registry.ts";
import { valueOf } from "./parse_metrics.ts";

function setUp() {
  const destinations: ReturnType<WatchedForwarding["destinations"]> = [
    { name: "erp", disabled: null, paused: null },
  ];
  const world = {
    now: 1_700_000_000_000,
    counts: new Map<string, WatchedCounts>(),
    destinations,
    isBroken: false,
  };
  const registry = createRegistry();
  const meter = createForwardMeter(registry, () => world.now);
  meter.watch({
    counts() {
      if (world.isBroken) throw new Error("Cannot use the journal: it is closed");
      return world.counts;
    },
    destinations: () => world.destinations,
  });
  const read = async (name: string, labels: Readonly<Record<string, string>>) =>
    valueOf(await registry.text(), `storehook_${name}`, labels);
  return { meter, world, read };
}

Deno.test("the outbox is told by destination, of which a configured one is 0 and not missing", async () => {
  const { world, read } = setUp();
  const destination = "erp";
  assertEquals(await read("outbox_forwards", { destination, state: "waiting" }), 0);
  world.counts.set("erp", {
    waiting: 3,
    failed: 1,
    waitingBytes: 80,
    oldestWaitingAt: world.now - 61_000,
  });
  world.counts.set("gone", { waiting: 0, failed: 2, waitingBytes: 0, oldestWaitingAt: null });
  assertEquals(await read("outbox_forwards", { destination, state: "waiting" }), 3);
  assertEquals(await read("outbox_forwards", { destination, state: "failed" }), 1);
  assertEquals(await read("outbox_oldest_age_seconds", { destination }), 61);
  assertEquals(await read("outbox_waiting_bytes", { destination }), 80);
  assertEquals(await read("outbox_forwards", { destination: "gone", state: "failed" }), 2);
  assertEquals(await read("outbox_oldest_age_seconds", { destination: "gone" }), 0);
});

Deno.test("an outbox that can't be read is missing, and the other metrics are there", async () => {
  const { world, read } = setUp();
  const depth = () => read("outbox_forwards", { destination: "erp", state: "waiting" });
  assertEquals(await depth(), 0);
  world.isBroken = true;
  assertEquals(await depth(), undefined);
  assertEquals(await read("destination_disabled", { destination: "erp" }), 0);
  world.isBroken = false;
  assertEquals(await depth(), 0);
});

Deno.test("a disabled destination is told", async () => {
  const { world, read } = setUp();
  world.destinations = [{ name: "erp", disabled: { reason: "gone" }, paused: null }];
  assertEquals(await read("destination_disabled", { destination: "erp" }), 1);
});

Deno.test("the rest of a destination is told, to its end", async () => {
  const { world, read } = setUp();
  const rest = () => read("destination_paused_seconds", { destination: "erp" });
  assertEquals(await rest(), 0);
  world.destinations = [{ name: "erp", disabled: null, paused: { until: world.now + 1500 } }];
  assertEquals(await rest(), 1.5);
  world.now += 2000;
  assertEquals(await rest(), 0);
});

Deno.test("attempted() counts attempts by outcome, and how long they took", async () => {
  const { meter, read } = setUp();
  for (const state of ["waiting", "delivered", "failed"] as const) {
    meter.attempted({
      forward: { destination: "erp" },
      attempt: { durationMs: 100 },
      outcome: { state },
    });
  }
  for (const outcome of ["retried", "delivered", "failed"]) {
    assertEquals(await read("forward_attempts_total", { destination: "erp", outcome }), 1);
  }
  assertEquals(
    await read("forward_duration_seconds_bucket", { destination: "erp", le: "0.1" }),
    3,
  );
});
