import { assertEquals, assertLess } from "@std/assert";
import { drainListener } from "../../../../lib/http/listen/drain.ts";

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
