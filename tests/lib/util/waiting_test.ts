import { assertEquals, assertRejects } from "@std/assert";
import { trackInFlight } from "../../../lib/util/waiting.ts";

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
