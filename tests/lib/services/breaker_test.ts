import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { createBreaker, type Pass } from "../../../lib/services/breaker.ts";

function clock() {
  let time = 0;
  return { now: () => time, pass: (ms: number) => void (time += ms) };
}

function opened(resetMs = 1000) {
  const time = clock();
  const breaker = createBreaker({ failures: 2, resetMs }, time.now);
  breaker.enter()?.end(false);
  assertEquals(breaker.enter()?.end(false), "opened");
  return { breaker, time };
}

Deno.test("createBreaker() opens after failures in a row, and a success in between starts anew", () => {
  const { now } = clock();
  const breaker = createBreaker({ failures: 3, resetMs: 1000 }, now);
  const end = (isSuccess: boolean) => breaker.enter()?.end(isSuccess);
  assertEquals([false, false, true, false, false].map(end), [null, null, null, null, null]);
  assertEquals(breaker.state(), "closed");
  assertEquals([end(false), breaker.state(), breaker.enter()], ["opened", "open", undefined]);
});

Deno.test("createBreaker() lets one trial through after its time, and nobody beside it", () => {
  const { breaker, time } = opened();
  time.pass(999);
  assertEquals([breaker.state(), breaker.waitMs(), breaker.enter()], ["open", 1, undefined]);
  time.pass(1);
  assertEquals([breaker.state(), breaker.waitMs()], ["half-open", 0]);
  const trial = breaker.enter();
  assertEquals([breaker.state(), breaker.enter()], ["half-open", undefined]);
  assertEquals([trial?.end(true), breaker.state()], ["closed", "closed"]);
  assertEquals(breaker.enter()?.end(false), null);
});

Deno.test("createBreaker() waits the whole time again after a trial that failed", () => {
  const { breaker, time } = opened();
  time.pass(5000);
  assertEquals(breaker.enter()?.end(false), "opened");
  assertEquals([breaker.state(), breaker.waitMs()], ["open", 1000]);
});

Deno.test("createBreaker() does not count what was begun before it opened, nor a result twice", () => {
  const time = clock();
  const breaker = createBreaker({ failures: 2, resetMs: 1000 }, time.now);
  const late = breaker.enter();
  const twice = breaker.enter();
  assertEquals([twice?.end(false), twice?.end(false)], [null, null]);
  breaker.enter()?.end(false);
  assertEquals([late?.end(true), breaker.state()], [null, "open"]);
});

/** What the breaker is to do, as plainly as it can be said. */
interface Model {
  failuresInRow: number;
  openUntil: number | null;
  trial: Pass | null;
  now: number;
}

type Step = { readonly wait: number } | { readonly enter: boolean } | {
  readonly trialEnds: boolean;
};

const step = fc.oneof(
  fc.record({ wait: fc.integer({ min: 0, max: 15 }) }),
  fc.record({ enter: fc.boolean() }),
  fc.record({ trialEnds: fc.boolean() }),
);

/** Does a step and returns who got through, as the model has it. */
function does(model: Model, one: Step, failures: number, resetMs: number): boolean {
  if ("wait" in one) model.now += one.wait;
  if (!("enter" in one)) return false;
  if (model.openUntil === null) {
    model.failuresInRow = one.enter ? 0 : model.failuresInRow + 1;
    if (model.failuresInRow === failures) {
      model.openUntil = model.now + resetMs;
      model.failuresInRow = 0;
    }
    return true;
  }
  return model.trial === null && model.now >= model.openUntil;
}

Deno.test("createBreaker() does what its model does, whatever happens in whatever order", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 20 }),
    fc.array(step, { maxLength: 60 }),
    (failures, resetMs, steps) => {
      const model: Model = { failuresInRow: 0, openUntil: null, trial: null, now: 0 };
      const breaker = createBreaker({ failures, resetMs }, () => model.now);
      for (const one of steps) {
        const wasOpen = model.openUntil !== null;
        const getsThrough = does(model, one, failures, resetMs);
        if ("enter" in one) {
          const pass = breaker.enter();
          assertEquals(pass !== undefined, getsThrough);
          // A trial goes on until a step ends it; every other call ends at once.
          if (wasOpen) model.trial = pass ?? model.trial;
          else pass?.end(one.enter);
        }
        if ("trialEnds" in one && model.trial !== null) {
          assertEquals(model.trial.end(one.trialEnds), one.trialEnds ? "closed" : "opened");
          model.trial = null;
          model.openUntil = one.trialEnds ? null : model.now + resetMs;
        }
        const isWaiting = model.openUntil !== null && model.trial === null &&
          model.now < model.openUntil;
        assertEquals(
          breaker.state(),
          model.openUntil === null ? "closed" : isWaiting ? "open" : "half-open",
        );
      }
    },
  ));
});
