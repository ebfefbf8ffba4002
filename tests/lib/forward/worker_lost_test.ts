/** What a worker does when its destination may be another process's. */
import { assertEquals, assertGreater } from "@std/assert";
import type { Outbox } from "../../../lib/forward/outbox.ts";
import { createListeners } from "../../../lib/journal/forwards.ts";
import { turns, withForwarding } from "./forwarding.ts";
import type { MemoryOutbox } from "./memory_outbox.ts";
import { createQueue } from "./queue.ts";
import { answered, DELIVERED, destinationOf } from "./samples.ts";

/** A destination whose first attempt ends when it is called off, as HTTP does. */
function holding() {
  const started = createQueue<AbortSignal>();
  let attempts = 0;
  const destination = destinationOf(async (_forward, signal) => {
    started.push(signal);
    if (++attempts > 1) return DELIVERED;
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    throw new DOMException("called off", "AbortError");
  });
  return { started, destination };
}

Deno.test("startForwarding() calls off what it sends to a destination that it has lost", async () => {
  const { started, destination } = holding();
  const lost = createListeners<string>();
  const between = (outbox: MemoryOutbox): Outbox => ({ ...outbox, onLost: lost.add });
  await withForwarding(destination, async ({ put, made, outbox }) => {
    const [id = ""] = put({});
    const signal = await started.next();
    lost.announce("another");
    await turns(5);
    assertEquals(signal.aborted, false);
    lost.announce("erp");
    assertEquals(signal.aborted, true);
    // Its lease was given back, so that it is tried again by whoever has it: here the same worker.
    outbox.put([]);
    assertEquals((await started.next()).aborted, false);
    await made.next();
    assertEquals(outbox.attemptsOf(id).map(({ status }) => status), [204]);
  }, { between });
});

Deno.test("startForwarding() sends nothing of what it leased while it lost the destination", async () => {
  const lost = createListeners<string>();
  let leases = 0;
  let attempts = 0;
  const between = (outbox: MemoryOutbox): Outbox => ({
    ...outbox,
    onLost: lost.add,
    async lease(options) {
      const leased = await outbox.lease(options);
      if (leased.length > 0 && ++leases === 1) {
        lost.announce("erp");
        await turns(1);
        assertEquals(attempts, 0);
      }
      return leased;
    },
  });
  const destination = destinationOf(() => {
    attempts++;
    return Promise.resolve(DELIVERED);
  });
  await withForwarding(destination, async ({ put, made }) => {
    put({});
    await made.next();
    assertEquals([leases, attempts], [2, 1]);
  }, { between });
});

Deno.test("startForwarding() sends nothing of what it leased before it stood still for long", async () => {
  let monotonic = 0;
  const steps: string[] = [];
  const between = (outbox: MemoryOutbox): Outbox => ({
    ...outbox,
    async lease(options) {
      const leased = await outbox.lease(options);
      if (leased.length === 0) return leased;
      steps.push("leased");
      // As a process that is stopped: meanwhile another one may have taken it, and sent what follows.
      if (steps.length === 1) monotonic += 20_000;
      return leased;
    },
    release(leases) {
      steps.push("released");
      return outbox.release(leases);
    },
  });
  const destination = destinationOf(() => {
    steps.push("sent");
    return Promise.resolve(DELIVERED);
  });
  await withForwarding(destination, async ({ put, made }) => {
    put({});
    await made.next();
    assertEquals(steps, ["leased", "released", "leased", "sent"]);
  }, { between, monotonic: () => monotonic });
});

Deno.test("startForwarding() wants a destination that rests, or gets the next in minutes by its rate", async () => {
  let wanted = 0;
  const between = (outbox: MemoryOutbox): Outbox => ({ ...outbox, want: () => void wanted++ });
  for (const result of [DELIVERED, answered(429, "600")]) {
    const destination = destinationOf(() => Promise.resolve(result), { ratePerSecond: 0.001 });
    await withForwarding(destination, async ({ put, made, advance }) => {
      put({}, {});
      await made.next();
      await advance(10_000);
      const before = wanted;
      await advance(10_000);
      assertGreater(wanted, before);
      assertEquals(made.size, 0);
    }, { between });
  }
});
