import { assert, assertEquals } from "@std/assert";
import { RETRY_DELAYS_MS } from "../../../lib/forward/retry_policy.ts";
import type { Forward, Outbox } from "../../../lib/forward/outbox.ts";
import { turns, withForwarding } from "./forwarding.ts";
import type { MemoryOutbox } from "./memory_outbox.ts";
import { lease } from "./outbox_harness.ts";
import { createQueue } from "./queue.ts";
import { answered, DELIVERED, destinationOf, storedEvent, toPut } from "./samples.ts";

Deno.test("startForwarding() delivers what is put, each once", async () => {
  const seen: string[] = [];
  const destination = destinationOf(({ id }) => {
    seen.push(id);
    return Promise.resolve(DELIVERED);
  });
  await withForwarding(destination, async ({ put, made, outbox }) => {
    const ids = put(...Array.from({ length: 100 }, () => ({})));
    await made.take(100);
    assertEquals(seen, ids);
    assertEquals(ids.filter((id) => outbox.get(id)?.state !== "delivered"), []);
    const [attempt] = outbox.attemptsOf(ids[0] ?? "");
    assertEquals([attempt?.status, attempt?.error], [204, null]);
  });
});

Deno.test("startForwarding() tries again by the schedule, and gives up in the end", async () => {
  const destination = destinationOf(() => Promise.resolve(answered(500)));
  await withForwarding(destination, async ({ put, made, advance, outbox, state }) => {
    const [id = ""] = put({});
    for (const delay of RETRY_DELAYS_MS) {
      const { outcome, attempt } = await made.next();
      assertEquals(outcome, { state: "waiting", dueAt: attempt.startedAt + delay });
      await advance(delay - 1);
      assertEquals(made.size, 0);
      await advance(1);
    }
    assertEquals((await made.next()).outcome, { state: "failed" });
    const { state: ended, attempts, dueAt } = outbox.get(id) ?? {};
    assertEquals([ended, attempts, dueAt], ["failed", 13, null]);
    assertEquals(outbox.attemptsOf(id).map(({ error }) => error), [
      ...Array.from({ length: 13 }, () => "erp.example answered 500"),
    ]);
    // One event that cannot be delivered is no reason to stop delivering others.
    assertEquals(state()?.disabled, null);
  });
});

Deno.test("startForwarding() takes an attempt that throws anything for a failed one", async () => {
  const thrown = [new TypeError("with a secret"), "text", undefined, null, { message: "object" }];
  const queue = [...thrown];
  const destination = destinationOf(() => {
    if (queue.length > 0) throw queue.shift();
    return Promise.resolve(DELIVERED);
  });
  await withForwarding(destination, async ({ put, made, outbox }) => {
    const ids = put(...thrown.map(() => ({})), {});
    await made.take(6);
    assertEquals(ids.map((id) => outbox.get(id)?.state), [
      ...thrown.map(() => "waiting" as const),
      "delivered",
    ]);
    const errors = ids.map((id) => outbox.attemptsOf(id)[0]?.error);
    assertEquals(errors, [
      "The attempt failed: TypeError",
      "The attempt failed: string",
      "The attempt failed: undefined",
      "The attempt failed: object",
      "The attempt failed: object",
      null,
    ]);
  });
});

Deno.test("startForwarding() runs no more attempts at the same time than it may", async () => {
  const started = createQueue<() => void>();
  let running = 0;
  let most = 0;
  const destination = destinationOf(async () => {
    most = Math.max(most, ++running);
    await new Promise<void>((resolve) => started.push(resolve));
    running--;
    return DELIVERED;
  }, { concurrency: 3 });
  await withForwarding(destination, async ({ put, made, state }) => {
    put(...Array.from({ length: 10 }, () => ({})));
    const first = await started.take(3);
    assertEquals([state()?.running, started.size], [3, 0]);
    first.forEach((finish) => finish());
    for (let left = 7; left > 0; left--) (await started.next())();
    await made.take(10);
    assertEquals(most, 3);
  });
});

Deno.test("startForwarding() makes one more attempt while an outcome is written, and no third", async () => {
  const started = createQueue<string>();
  const writing = createQueue<() => void>();
  /** Else a test that fails would wait for what nobody writes any more. */
  const over = Promise.withResolvers<void>();
  const destination = destinationOf(({ event }) => {
    started.push(event.type);
    return Promise.resolve(DELIVERED);
  }, { concurrency: 1 });
  const between = (outbox: MemoryOutbox): Outbox => ({
    ...outbox,
    async complete(lease, attempt, outcome) {
      const written = Promise.withResolvers<void>();
      writing.push(written.resolve);
      await Promise.race([written.promise, over.promise]);
      return await outbox.complete(lease, attempt, outcome);
    },
  });
  await withForwarding(destination, async ({ put, made }) => {
    try {
      put({}, {}, {});
      await started.take(2);
      const first = await writing.take(2);
      await turns(5);
      assertEquals([started.size, made.size], [0, 0]);
      first.forEach((write) => write());
      (await writing.next())();
      await made.take(3);
    } finally {
      over.resolve();
    }
  }, { between });
});

Deno.test("startForwarding() starts no more attempts in a second than it may", async () => {
  const destination = destinationOf(() => Promise.resolve(DELIVERED), { ratePerSecond: 20 });
  await withForwarding(destination, async ({ put, made, advance }) => {
    put(...Array.from({ length: 5 }, () => ({})));
    await made.take(2);
    for (let more = 0; more < 3; more++) {
      assertEquals(made.size, 0);
      await advance(50);
      await made.next();
    }
  });
});

Deno.test("startForwarding() keeps the order of a subject, also behind one that fails", async () => {
  const seen: Forward[] = [];
  const destination = destinationOf((forward) => {
    seen.push(forward);
    const isFirst = forward.event.type === "a1" && forward.attempts === 0;
    return Promise.resolve(isFirst ? answered(500) : DELIVERED);
  }, { ordered: true });
  await withForwarding(destination, async ({ put, made, advance }) => {
    put(...["a1", "b1", "a2", "b2", "a3"].map((type) => ({
      event: storedEvent({ type, subject: `cart/${type.slice(0, 1)}` }),
    })));
    await made.take(3);
    assertEquals(seen.map(({ event }) => event.type), ["a1", "b1", "b2"]);
    await advance(5000);
    await made.take(3);
    assertEquals(seen.map(({ event }) => event.type).slice(3), ["a1", "a2", "a3"]);
  });
});

Deno.test("startForwarding() delivers again what a crash left in the middle", async () => {
  const destination = destinationOf(() => Promise.resolve(DELIVERED));
  const forward = toPut();
  await withForwarding(destination, async ({ made, advance }) => {
    await advance(59_999);
    assertEquals(made.size, 0);
    await advance(1);
    assertEquals((await made.next()).forward.id, forward.id);
  }, {
    between(outbox) {
      // Somebody took it just before, and is no more.
      outbox.put([forward]);
      void outbox.lease(lease({ owner: "worker 2", limit: 1 }));
      return outbox;
    },
  });
});

Deno.test("startForwarding() takes up at once what was left in its name", async () => {
  const destination = destinationOf(() => Promise.resolve(DELIVERED));
  const [mine, others] = [toPut(), toPut()];
  await withForwarding(destination, async ({ made, outbox }) => {
    assertEquals((await made.next()).forward.id, mine.id);
    await turns(5);
    assertEquals([made.size, outbox.get(others.id)?.state], [0, "waiting"]);
  }, {
    between(outbox) {
      outbox.put([mine]);
      void outbox.lease(lease({ limit: 1 }));
      outbox.put([others]);
      void outbox.lease(lease({ owner: "worker 2", limit: 1 }));
      return outbox;
    },
  });
});

Deno.test("startForwarding() does not look without a reason", async () => {
  const destination = destinationOf(() => Promise.resolve(answered(500)), { ordered: true });
  let looks = 0;
  let leases = 0;
  await withForwarding(destination, async ({ put, made }) => {
    const event = () => storedEvent({ subject: "cart/1" });
    put({ event: event() }, { event: event() }, { event: event() });
    await made.next();
    await turns(100);
    assert(looks <= 4, `looked ${looks} times`);
    assertEquals(leases, 1);
  }, {
    between: (outbox) => ({
      ...outbox,
      async nextDueAt(...args) {
        looks++;
        return await outbox.nextDueAt(...args);
      },
      lease(options) {
        leases++;
        return outbox.lease(options);
      },
    }),
  });
});

Deno.test("startForwarding() knows its destinations", async () => {
  await withForwarding(destinationOf(() => Promise.resolve(DELIVERED)), ({ forwarding }) => {
    assertEquals(forwarding.state(), [{
      name: "erp",
      running: 0,
      failuresInRow: 0,
      failingSince: null,
      lastError: null,
      paused: null,
      disabled: null,
    }]);
    return Promise.resolve();
  });
});
