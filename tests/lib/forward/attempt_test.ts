import { failedWith, GRACE_MS, runAttempt } from "../../../lib/forward/attempt.ts";
import { assertEquals } from "@std/assert";
import { destinationOf, forwardOf, NOW, storedEvent } from "./samples.ts";

const FORWARD = forwardOf(storedEvent());
/** With the grace, that is 10 ms. */
const SOON_OVER = { timeoutMs: 10 - GRACE_MS };

Deno.test("runAttempt() leaves an attempt alone that does not come to an end", async () => {
  const destination = destinationOf(() => new Promise(() => {}), SOON_OVER);
  const finished = await runAttempt(destination, FORWARD, NOW, new AbortController().signal);
  assertEquals(finished?.result, failedWith("The attempt did not come to an end"));
  assertEquals(finished?.startedAt, NOW);
});

Deno.test("runAttempt() has no result of an attempt that is called off, whatever it does", async () => {
  const caller = new AbortController();
  const destination = destinationOf(() => new Promise(() => {}));
  const attempt = runAttempt(destination, FORWARD, NOW, caller.signal);
  caller.abort();
  assertEquals(await attempt, undefined);
  assertEquals(await runAttempt(destination, FORWARD, NOW, caller.signal), undefined);
});
