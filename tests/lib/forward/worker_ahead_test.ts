/** What a worker leases before its turn has come. */
import { assert, assertEquals } from "@std/assert";
import type { LeaseOptions, Outbox } from "../../../lib/forward/outbox.ts";
import { type Scene, withForwarding } from "./forwarding.ts";
import { lease } from "./outbox_harness.ts";
import { createQueue } from "./queue.ts";
import { answered, DELIVERED, destinationOf, storedEvent } from "./samples.ts";

const MANY = 6000;
/** By then it is known how fast they go. */
const FAST = 4000;

/** A destination that takes many at once, and then holds what comes until it is called off. */
function holding(ordered = false) {
  const held = createQueue<() => void>();
  const sent: string[] = [];
  const destination = destinationOf(({ id }, signal) => {
    if (sent.push(id) <= FAST) return Promise.resolve(DELIVERED);
    return new Promise((resolve, reject) => {
      held.push(() => resolve(DELIVERED));
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  }, { ordered });
  return { held, sent, destination };
}

function putMany({ put }: Scene): readonly string[] {
  return put(...Array.from({ length: MANY }, (_, index) => ({
    event: storedEvent({ subject: `cart/${index % 1000}` }),
  })));
}

/** What can be leased now, which is what nobody has. */
async function leasable({ outbox }: Scene): Promise<number> {
  const leased = await outbox.lease(lease({ owner: "worker 2", limit: MANY }));
  return leased.length;
}

Deno.test("startForwarding() leases more than may run where much is sent", async () => {
  const limits: number[] = [];
  const destination = destinationOf(() => Promise.resolve(DELIVERED));
  await withForwarding(destination, async (scene) => {
    putMany(scene);
    await scene.made.take(MANY);
    assertEquals(limits[0], destination.concurrency);
    assert(Math.max(...limits) > 10 * destination.concurrency, `${limits}`);
  }, {
    between: (outbox): Outbox => ({
      ...outbox,
      lease(options: LeaseOptions) {
        limits.push(options.limit);
        return outbox.lease(options);
      },
    }),
  });
});

Deno.test("startForwarding() has of each subject no more than one under way", async () => {
  const next = new Map<string, number>();
  const destination = destinationOf(({ event: { subject, type } }) => {
    assertEquals(Number(type), next.get(subject) ?? 0);
    next.set(subject, Number(type) + 1);
    return Promise.resolve(DELIVERED);
  }, { ordered: true });
  await withForwarding(destination, async ({ put, made }) => {
    put(...Array.from({ length: MANY }, (_, index) => ({
      event: storedEvent({
        subject: `cart/${index % 1000}`,
        type: String(Math.floor(index / 1000)),
      }),
    })));
    const all = await made.take(MANY);
    assertEquals(all.filter(({ outcome }) => outcome.state !== "delivered"), []);
  });
});

Deno.test("stop() gives back what was leased ahead", async () => {
  const { held, destination } = holding();
  await withForwarding(destination, async (scene) => {
    putMany(scene);
    await held.take(destination.concurrency);
    const free = await leasable(scene);
    await scene.forwarding.stop();
    assert(free < MANY - FAST - destination.concurrency, `${free} were not leased`);
    assertEquals(await leasable(scene), MANY - FAST - free);
  }, { stopMs: 0 });
});

Deno.test("startForwarding() gives back what it leased ahead when its turn does not come", async () => {
  const { held, sent, destination } = holding();
  const given = createQueue<number>();
  await withForwarding(destination, async (scene) => {
    putMany(scene);
    const attempts = await held.take(destination.concurrency);
    // What was on its way then is given back later.
    const wanted = MANY - FAST - destination.concurrency;
    let back = 0;
    while (back < wanted) {
      await given.next();
      back += await leasable(scene);
    }
    assertEquals(back, wanted);
    assertEquals(sent.length, FAST + destination.concurrency);
    attempts.forEach((finish) => finish());
    await scene.made.take(FAST + destination.concurrency);
  }, {
    between: (outbox): Outbox => ({
      ...outbox,
      async release(leases) {
        const lost = await outbox.release(leases);
        given.push(leases.length);
        return lost;
      },
    }),
  });
});

Deno.test("startForwarding() sends nothing that it leased ahead to a destination that asks for a rest", async () => {
  let attempts = 0;
  const destination = destinationOf(() =>
    Promise.resolve(++attempts === FAST ? answered(429, "60") : DELIVERED)
  );
  await withForwarding(destination, async (scene) => {
    putMany(scene);
    await scene.made.take(FAST);
    assert(attempts < FAST + 10 * destination.concurrency, `${attempts} attempts were made`);
    await scene.advance(60_000);
    await scene.made.take(MANY - FAST + 1);
    assertEquals(attempts, MANY + 1);
  });
});

Deno.test("startForwarding() sends once what it leased ahead when the clock is set forward", async () => {
  const held = createQueue<() => void>();
  const sent = new Map<string, number>();
  let holds = true;
  const destination = destinationOf(({ id }) => {
    sent.set(id, (sent.get(id) ?? 0) + 1);
    if (!holds || sent.size <= FAST) return Promise.resolve(DELIVERED);
    return new Promise((resolve) => held.push(() => resolve(DELIVERED)));
  });
  await withForwarding(destination, async (scene) => {
    putMany(scene);
    const attempts = await held.take(destination.concurrency);
    holds = false;
    const advanced = scene.advance(3_600_000);
    attempts.forEach((finish) => finish());
    await advanced;
    await scene.made.take(MANY);
    const again = [...sent.values()].filter((times) => times > 1);
    assert(again.length <= destination.concurrency, `${again.length} were sent again`);
  });
});

Deno.test("startForwarding() leases no more ahead of large events than fits into little memory", async () => {
  const payload = new Uint8Array(1_000_000);
  const leased: number[] = [];
  const destination = destinationOf(() => Promise.resolve(DELIVERED));
  await withForwarding(destination, async ({ put, made }) => {
    put(...Array.from({ length: MANY }, (_, index) => ({
      event: storedEvent(index < FAST ? {} : { payload }),
    })));
    await made.take(MANY);
    assert(Math.max(...leased) < 20_000_000, `${Math.max(...leased)} bytes`);
  }, {
    between: (outbox): Outbox => ({
      ...outbox,
      async lease(options: LeaseOptions) {
        const forwards = await outbox.lease(options);
        leased.push(forwards.reduce((sum, { event }) => sum + event.payload.byteLength, 0));
        return forwards;
      },
    }),
  });
});
