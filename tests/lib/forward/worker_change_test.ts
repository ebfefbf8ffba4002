import { assertEquals } from "@std/assert";
import type { AttemptResult } from "../../../lib/forward/attempt.ts";
import { withForwarding } from "./forwarding.ts";
import { createQueue } from "./queue.ts";
import { answered, DELIVERED, destinationOf } from "./samples.ts";

/** A destination whose attempts end when a test says so, or when they are called off. */
function heldDestination() {
  const begun = createQueue<PromiseWithResolvers<AttemptResult>>();
  const destination = destinationOf((_forward, signal) => {
    const attempt = Promise.withResolvers<AttemptResult>();
    signal.addEventListener("abort", () => attempt.reject(signal.reason));
    begun.push(attempt);
    return attempt.promise;
  }, { concurrency: 1 });
  return { begun, destination };
}

Deno.test("change() lets an attempt end that runs, and gives what waits to the new one", async () => {
  const before = heldDestination();
  const after = heldDestination();
  await withForwarding(before.destination, async ({ put, made, forwarding, outbox }) => {
    const [first = "", second = ""] = put({}, {});
    const attempt = await before.begun.next();
    forwarding.change(new Map([["erp", after.destination]]));
    (await after.begun.next()).resolve(DELIVERED);
    assertEquals((await made.next()).forward.id, second);
    attempt.resolve(DELIVERED);
    assertEquals((await made.next()).forward.id, first);
    assertEquals(outbox.attemptsOf(first).length, 1);
    assertEquals([before.begun.size, after.begun.size], [0, 0]);
  });
});

Deno.test("change() calls off an attempt that takes too long, and the new one makes it", async () => {
  const before = heldDestination();
  const after = heldDestination();
  await withForwarding(before.destination, async ({ put, made, forwarding, outbox }) => {
    const [id = ""] = put({});
    await before.begun.next();
    forwarding.change(new Map([["erp", after.destination]]));
    (await after.begun.next()).resolve(DELIVERED);
    assertEquals((await made.next()).forward.id, id);
    assertEquals(outbox.attemptsOf(id).length, 1);
  }, { stopMs: 20 });
});

Deno.test("change() leaves a destination alone that is the same", async () => {
  const { begun, destination } = heldDestination();
  const other = heldDestination();
  await withForwarding(destination, async ({ put, made, forwarding }) => {
    put({}, { destination: "other" });
    const attempt = await begun.next();
    forwarding.change(new Map([["erp", destination], ["other", other.destination]]));
    assertEquals(forwarding.state().map(({ name, running }) => [name, running]), [
      ["erp", 1],
      ["other", 0],
    ]);
    (await other.begun.next()).resolve(DELIVERED);
    await made.next();
    attempt.resolve(DELIVERED);
    await made.next();
    assertEquals(begun.size, 0);
  }, { stopMs: 0 });
});

Deno.test("change() keeps what was for a destination that is gone, until it is back", async () => {
  const { begun, destination } = heldDestination();
  await withForwarding(destination, async ({ put, made, forwarding, outbox }) => {
    forwarding.change(new Map());
    assertEquals(forwarding.state(), []);
    const [id = ""] = put({});
    assertEquals(outbox.get(id)?.state, "waiting");
    forwarding.change(new Map([["erp", destination]]));
    (await begun.next()).resolve(DELIVERED);
    assertEquals((await made.next()).forward.id, id);
  });
});

Deno.test("change() has a late 410 by the settings before disable nothing", async () => {
  const before = heldDestination();
  const after = heldDestination();
  await withForwarding(before.destination, async ({ put, made, forwarding, outbox, state }) => {
    const [id = ""] = put({});
    const attempt = await before.begun.next();
    forwarding.change(new Map([["erp", after.destination]]));
    attempt.resolve(answered(410));
    assertEquals((await made.next()).outcome.state, "waiting");
    // It is sent by the new settings at once.
    (await after.begun.next()).resolve(DELIVERED);
    assertEquals((await made.next()).forward.id, id);
    assertEquals([state()?.disabled, await outbox.disabled()], [null, new Map()]);
  });
  assertEquals(before.begun.size, 0);
});

Deno.test("stop() ends destinations that were changed, too, and change() starts none then", async () => {
  const before = heldDestination();
  const after = heldDestination();
  await withForwarding(before.destination, async ({ put, forwarding, outbox }) => {
    const [id = ""] = put({});
    await before.begun.next();
    forwarding.change(new Map([["erp", after.destination]]));
    const stopped = forwarding.stop();
    forwarding.change(new Map([["erp", before.destination]]));
    await stopped;
    assertEquals([before.begun.size, after.begun.size], [0, 0]);
    // Its lease was given back.
    assertEquals(await outbox.nextDueAt("erp", false), outbox.get(id)?.dueAt);
  }, { stopMs: 20 });
});
