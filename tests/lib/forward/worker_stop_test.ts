import { assertEquals } from "@std/assert";
import { withForwarding } from "./forwarding.ts";
import { createQueue } from "./queue.ts";
import { DELIVERED, destinationOf, NOW } from "./samples.ts";

Deno.test("stop() lets attempts that run come to an end, and takes no more", async () => {
  const started = createQueue<() => void>();
  const destination = destinationOf(async () => {
    await new Promise<void>((resolve) => started.push(resolve));
    return DELIVERED;
  }, { concurrency: 1 });
  await withForwarding(destination, async ({ put, forwarding, outbox }) => {
    const [first = "", second = ""] = put({}, {});
    const finish = await started.next();
    const stopped = forwarding.stop();
    finish();
    await stopped;
    assertEquals([first, second].map((id) => outbox.get(id)?.state), ["delivered", "waiting"]);
    put({});
    assertEquals(started.size, 0);
    await forwarding.stop();
  });
});

Deno.test("stop() calls off what takes too long, and gives it back", async () => {
  for (const isDeaf of [false, true]) {
    const started = createQueue<AbortSignal>();
    const destination = destinationOf((_, signal) => {
      started.push(signal);
      return new Promise((_, reject) => {
        if (!isDeaf) signal.addEventListener("abort", () => reject(signal.reason));
      });
    });
    await withForwarding(destination, async ({ put, forwarding, outbox }) => {
      const [id = ""] = put({});
      const signal = await started.next();
      await forwarding.stop();
      assertEquals(signal.aborted, true);
      assertEquals([outbox.get(id)?.attempts, outbox.attemptsOf(id)], [0, []]);
      assertEquals(await outbox.nextDueAt("erp", false), NOW);
    }, { stopMs: 0 });
  }
});

Deno.test("stop() gives back what was leased while it was called", async () => {
  const leasing = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const destination = destinationOf(() => Promise.resolve(DELIVERED));
  await withForwarding(destination, async ({ put, forwarding, outbox, made }) => {
    put({});
    await leasing.promise;
    const stopped = forwarding.stop();
    goOn.resolve();
    await stopped;
    assertEquals([await outbox.nextDueAt("erp", false), made.size], [NOW, 0]);
  }, {
    between: (outbox) => ({
      ...outbox,
      async lease(options) {
        leasing.resolve();
        await goOn.promise;
        return await outbox.lease(options);
      },
    }),
  });
});
