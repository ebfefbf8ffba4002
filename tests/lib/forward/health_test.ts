import { assertEquals, assertRejects } from "@std/assert";
import type { AttemptMade } from "../../../lib/forward/destination_loop.ts";
import { createHealth, syncDisabled, syncPaused } from "../../../lib/forward/health.ts";
import { PAUSED_BY_HAND } from "../../../lib/forward/outbox.ts";
import { type Forwarding, startForwarding } from "../../../lib/forward/worker.ts";
import { JournalUnavailable } from "../../../lib/journal/errors.ts";
import { turns } from "./forwarding.ts";
import { memoryOutbox } from "./memory_outbox.ts";
import { OWNER } from "./outbox_harness.ts";
import { createQueue } from "./queue.ts";
import { answered, DELIVERED, destinationOf, NOW, toPut } from "./samples.ts";

const GONE = { at: NOW, reason: "gone" } as const;

Deno.test("startForwarding() leaves alone what an earlier one disabled, until it is enabled", async () => {
  const outbox = memoryOutbox();
  const made = createQueue<AttemptMade>();
  let result = answered(410);
  const destination = destinationOf(() => Promise.resolve(result));
  const start = (): Forwarding =>
    startForwarding({
      outbox,
      owner: OWNER,
      destinations: new Map([["erp", destination]]),
      now: () => NOW,
      onAttempt: made.push,
    });
  const first = start();
  outbox.put([toPut()]);
  await made.next();
  await first.stop();
  assertEquals(await outbox.disabled(), new Map([["erp", GONE]]));

  result = DELIVERED;
  const second = start();
  outbox.put([toPut()]);
  await turns(5);
  assertEquals([made.size, second.state()[0]?.disabled], [0, GONE]);
  await outbox.enable("erp");
  const delivered = await made.take(2);
  assertEquals(delivered.map(({ outcome }) => outcome.state), ["delivered", "delivered"]);
  await second.stop();
  assertEquals(await outbox.disabled(), new Map());
});

Deno.test("syncDisabled() comes again with what could not be written", async () => {
  const outbox = memoryOutbox();
  const health = createHealth();
  let isWritable = false;
  const compare = syncDisabled(
    "erp",
    {
      ...outbox,
      disable: (...args) =>
        isWritable
          ? outbox.disable(...args)
          : Promise.reject(new JournalUnavailable("Cannot use the journal: the disk is full")),
    },
    health,
    () => 0,
  );
  await compare();
  health.disable(GONE);
  await assertRejects(compare, JournalUnavailable);
  assertEquals(health.state().disabled, GONE);
  isWritable = true;
  await compare();
  assertEquals(await outbox.disabled(), new Map([["erp", GONE]]));
  await outbox.enable("erp");
  await compare();
  assertEquals(health.state().disabled, null);
});

Deno.test("startForwarding() leaves alone what somebody paused meanwhile, until it is resumed", async () => {
  const outbox = memoryOutbox();
  const made = createQueue<AttemptMade>();
  const forwarding = startForwarding({
    outbox,
    owner: OWNER,
    // A pause by hand may be longer than any that a destination may ask for.
    destinations: new Map([["erp", {
      ...destinationOf(() => Promise.resolve(DELIVERED)),
      maxPauseMs: 0,
    }]]),
    now: () => NOW,
    onAttempt: made.push,
  });
  outbox.put([toPut()]);
  await made.next();
  const pause = { at: NOW, until: NOW + 3_600_000, status: PAUSED_BY_HAND };
  await outbox.pause("erp", pause);
  outbox.put([toPut()]);
  await turns(5);
  assertEquals([made.size, forwarding.state()[0]?.paused], [0, pause]);
  await outbox.resume("erp");
  assertEquals((await made.next()).outcome.state, "delivered");
  await forwarding.stop();
});

Deno.test("syncPaused() sees a rest that is given by hand, soon where much is sent", async () => {
  const outbox = memoryOutbox();
  const health = createHealth();
  let monotonic = 0;
  const compare = syncPaused("erp", outbox, health, 0, () => monotonic);
  await compare(NOW, true);
  const pause = { at: NOW, until: NOW + 3_600_000, status: PAUSED_BY_HAND };
  await outbox.pause("erp", pause);
  monotonic += 20;
  await compare(NOW, true);
  assertEquals(health.state().paused, pause);
  await outbox.resume("erp");
  await compare(NOW, true);
  assertEquals(health.state().paused, null);
  await outbox.pause("erp", pause);
  await compare(NOW, false);
  assertEquals(health.state().paused, pause);
});

Deno.test("syncDisabled() sees within a second that another process disabled it", async () => {
  const outbox = memoryOutbox();
  const health = createHealth();
  let monotonic = 0;
  const compare = syncDisabled("erp", outbox, health, () => monotonic);
  await compare();
  await outbox.disable("erp", GONE);
  monotonic += 1000;
  await compare();
  assertEquals(health.state().disabled, GONE);
  // What it knows to be disabled is looked at each time.
  await outbox.enable("erp");
  await compare();
  assertEquals(health.state().disabled, null);
});

Deno.test("startForwarding() sends nothing to what another process has disabled meanwhile", async () => {
  const outbox = memoryOutbox();
  const made = createQueue<AttemptMade>();
  let monotonic = 0;
  const forwarding = startForwarding({
    outbox,
    owner: OWNER,
    destinations: new Map([["erp", destinationOf(() => Promise.resolve(DELIVERED))]]),
    now: () => NOW,
    monotonic: () => monotonic,
    onAttempt: made.push,
  });
  outbox.put([toPut()]);
  await made.next();
  // It looks whether more is due.
  await turns(5);
  await outbox.disable("erp", GONE);
  monotonic += 1000;
  outbox.put([toPut()]);
  await turns(5);
  assertEquals([made.size, forwarding.state()[0]?.disabled], [0, GONE]);
  await outbox.enable("erp");
  assertEquals((await made.next()).outcome.state, "delivered");
  await forwarding.stop();
});

Deno.test("syncPaused() leaves a rest that is given by hand while the destination rests", async () => {
  const outbox = memoryOutbox();
  const health = createHealth();
  const compare = syncPaused("erp", outbox, health, 300_000, () => 0);
  const asked = { at: NOW, until: NOW + 60_000, status: 503 };
  health.pause(asked);
  await compare(NOW, false);
  assertEquals(await outbox.paused(), new Map([["erp", asked]]));
  const byHand = { at: NOW + 1, until: NOW + 3_600_000, status: PAUSED_BY_HAND };
  await outbox.pause("erp", byHand);
  // What was under way asks for a rest, too.
  health.pause({ at: NOW + 2, until: NOW + 90_000, status: 503 });
  for (const now of [NOW + 3, NOW + 60_000, NOW + 90_000]) {
    await compare(now, false);
    assertEquals([health.state().paused, await outbox.paused()], [
      byHand,
      new Map([["erp", byHand]]),
    ]);
  }
  await outbox.resume("erp");
  await compare(NOW + 90_001, false);
  assertEquals(health.state().paused, null);
});

Deno.test("syncPaused() keeps a rest that is asked for while the one before is ended", async () => {
  const outbox = memoryOutbox();
  const health = createHealth();
  const next = { at: NOW + 60_000, until: NOW + 120_000, status: 429 };
  const compare = syncPaused(
    "erp",
    {
      ...outbox,
      resume(name) {
        // The outcome of an attempt that was under way.
        health.pause(next);
        return outbox.resume(name);
      },
    },
    health,
    300_000,
  );
  health.pause({ at: NOW, until: NOW + 60_000, status: 503 });
  await compare(NOW, false);
  await compare(NOW + 60_000, false);
  assertEquals(health.state().paused, next);
  await compare(NOW + 60_001, false);
  assertEquals(await outbox.paused(), new Map([["erp", next]]));
});

Deno.test("syncPaused() ends a rest again that could not be ended", async () => {
  const outbox = memoryOutbox();
  const health = createHealth();
  let isWritable = false;
  const compare = syncPaused(
    "erp",
    {
      ...outbox,
      resume: (name) =>
        isWritable
          ? outbox.resume(name)
          : Promise.reject(new JournalUnavailable("Cannot use the journal: the disk is full")),
    },
    health,
    300_000,
  );
  health.pause({ at: NOW, until: NOW + 60_000, status: 503 });
  await compare(NOW, false);
  await assertRejects(() => compare(NOW + 60_000, false), JournalUnavailable);
  isWritable = true;
  await compare(NOW + 60_000, false);
  assertEquals([health.state().paused, await outbox.paused()], [null, new Map()]);
});
