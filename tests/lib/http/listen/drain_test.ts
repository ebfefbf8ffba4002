import { assertEquals, assertLess, assertRejects } from "@std/assert";
import { drainListener, trackInFlight } from "../../../../lib/http/listen/drain.ts";

const never = () => new Promise<void>(() => {});
const atOnce = () => Promise.resolve();

Deno.test("drainListener() closes a listener that can be before anything else, and waits for its connections", async () => {
  const told: string[] = [];
  let connections = 3;
  await drainListener({
    listener: {
      close() {
        told.push("close");
        return () => {
          told.push("look");
          return --connections;
        };
      },
      shutdown: () => Promise.resolve(void told.push("shutdown")),
    },
    requests: { idle: atOnce },
    bodies: { idle: never },
    waitForNoMore: () => told.push("no more"),
  }, 1000);
  assertEquals(told, ["close", "look", "look", "look", "shutdown"]);
});

Deno.test("drainListener() waits for bodies where the listener can't be closed, and at last for no more", async () => {
  const told: string[] = [];
  const old = Promise.withResolvers<void>();
  await drainListener({
    listener: { shutdown: () => Promise.resolve(void told.push("shutdown")) },
    requests: { idle: atOnce },
    bodies: { idle: () => old.promise },
    waitForNoMore() {
      told.push("no more");
      old.resolve();
    },
  }, 10_000);
  assertEquals(told, ["no more", "shutdown"]);
});

Deno.test("drainListener() comes to its end though nothing else does", async () => {
  const startedAt = performance.now();
  await drainListener({
    listener: { close: () => () => 1, shutdown: never },
    requests: { idle: atOnce },
    bodies: { idle: never },
    waitForNoMore: () => {},
  }, 1);
  assertLess(performance.now() - startedAt, 10_000);
});

Deno.test("trackInFlight() is idle when all has ended, what failed and what came meanwhile included", async () => {
  const { track, count, idle } = trackInFlight();
  const [first, second, third] = [1, 2, 3].map(() => Promise.withResolvers<void>());
  const running = [first, second].map((one) => track(() => one?.promise));
  assertEquals(count(), 2);
  let isIdle = false;
  const waiting = idle().then(() => isIdle = true);
  first?.reject(new Error("failed"));
  await assertRejects(() => running[0] ?? Promise.resolve(), Error, "failed");
  running.push(track(() => third?.promise));
  second?.resolve();
  await running[1];
  assertEquals([isIdle, count()], [false, 1]);
  third?.resolve();
  await waiting;
  assertEquals(count(), 0);
  await idle();
});
