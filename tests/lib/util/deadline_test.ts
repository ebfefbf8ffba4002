import { assertEquals } from "@std/assert";
import { keepTimers, onAbort, startCountdown, startDeadline } from "../../../lib/util/deadline.ts";

Deno.test("onAbort() calls each that still hears, once, also where the signal was aborted before", () => {
  const controller = new AbortController();
  const heard: number[] = [];
  const ends = [0, 1, 2, 3].map((one) => onAbort(controller.signal, () => heard.push(one)));
  ends[1]?.();
  ends[1]?.();
  onAbort(controller.signal, () => heard.push(4));
  controller.abort();
  controller.abort();
  assertEquals(heard.toSorted(), [0, 2, 3, 4]);
  onAbort(controller.signal, () => heard.push(5))();
  assertEquals(heard.length, 5);
  ends[0]?.();
});

Deno.test("startDeadline() is aborted with the signal that it was made from, and by nothing once it was ended", () => {
  const parent = new AbortController();
  const [first, second] = [1, 2].map(() => startDeadline(parent.signal, 60_000));
  first?.end();
  parent.abort();
  assertEquals([first?.signal.aborted, second?.signal.aborted], [false, true]);
  assertEquals(second?.isOver(), false);
  second?.end();
  const third = startDeadline(parent.signal, 60_000);
  assertEquals(third.signal.aborted, true);
  third.end();
});

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function block(durationMs: number): void {
  const until = performance.now() + durationMs;
  while (performance.now() < until);
}

Deno.test("startCountdown() calls once, and who has less time sooner", async () => {
  const called: number[] = [];
  const over = [60, 1].map((timeoutMs) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    startCountdown(timeoutMs, () => {
      called.push(timeoutMs);
      resolve();
    });
    return promise;
  });
  await Promise.all(over);
  await turn();
  assertEquals(called, [1, 60]);
});

Deno.test("startCountdown() calls nobody once it was ended", async () => {
  let calls = 0;
  startCountdown(1, () => calls++)();
  block(5);
  await turn();
  assertEquals(calls, 0);
});

Deno.test("startCountdown() ends nobody else when it is ended twice", async () => {
  // While one is running the others are kept beside it, each in the place of one that has ended.
  const endKept = startCountdown(20, () => {});
  const end = startCountdown(20, () => {});
  end();
  const other = Promise.withResolvers<void>();
  startCountdown(20, other.resolve);
  end();
  endKept();
  await other.promise;
});

Deno.test("startCountdown() does not count the time in which this process was busy", async () => {
  let isOver = false;
  const end = startCountdown(50, () => isOver = true);
  for (let turns = 0; turns < 5; turns++) {
    block(30);
    await turn();
  }
  end();
  assertEquals(isOver, false);
});

Deno.test({
  name: "keepTimers() changes nothing for whom a countdown is over, and leaves no timer behind",
  sanitizeOps: true,
  async fn() {
    const letGo = [keepTimers(), keepTimers()];
    let calls = 0;
    startCountdown(20, () => calls++)();
    const over = Promise.withResolvers<void>();
    startCountdown(20, over.resolve);
    await over.promise;
    // Ended after the timer had its time to notice that nobody needs it, and begun again.
    await new Promise((resolve) => setTimeout(resolve, 5));
    const again = Promise.withResolvers<void>();
    startCountdown(20, again.resolve);
    startCountdown(20, () => calls++)();
    await again.promise;
    startCountdown(60_000, () => calls++)();
    for (const end of [...letGo, ...letGo]) end();
    assertEquals(calls, 0);
  },
});
