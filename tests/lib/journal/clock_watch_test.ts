import { assertEquals } from "@std/assert";
import { type ClockRecord, watchClock } from "../../../lib/journal/clock_watch.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = 1_700_000_000_000;

/** A clock of a machine, which can be set, beside one that can't. */
function machine(kept: ClockRecord = { trustedAt: START, seenMs: 0 }) {
  let [now, offsetMs, record] = [START, 0, kept];
  let watch = watchClock(kept);
  return {
    set(byMs: number) {
      now += byMs;
      offsetMs += byMs;
    },
    restart() {
      watch = watchClock(record);
      offsetMs = 0;
    },
    pass(ms: number) {
      now += ms;
    },
    look() {
      const found = watch.look(now, offsetMs);
      record = found.record;
      return [found.trusted, found.finding?.kind];
    },
  };
}

Deno.test("watchClock() trusts a clock that goes", () => {
  const { look, pass } = machine();
  assertEquals(look(), [true, undefined]);
  for (const ms of [1, 1000, HOUR_MS, 3 * DAY_MS]) {
    pass(ms);
    assertEquals(look(), [true, undefined]);
  }
});

Deno.test("watchClock() trusts a clock after a stop of a day, not of a week", () => {
  const short = machine();
  short.set(23 * HOUR_MS);
  assertEquals(short.look(), [true, undefined]);
  const long = machine();
  long.set(7 * DAY_MS);
  assertEquals(long.look(), [false, "ahead"]);
});

Deno.test("watchClock() believes a jump once it was seen for a day, across restarts", () => {
  const { look, pass, set, restart } = machine();
  look();
  set(100 * DAY_MS);
  pass(1000);
  assertEquals(look(), [false, "ahead"]);
  for (let hours = 0; hours < 23; hours++) {
    pass(HOUR_MS);
    if (hours % 5 === 4) {
      restart();
      assertEquals(look(), [false, "ahead"]);
    } else assertEquals(look(), [false, undefined]);
  }
  for (let hours = 0; hours < 4; hours++) {
    pass(HOUR_MS);
    look();
  }
  pass(2 * HOUR_MS);
  assertEquals(look(), [true, "believed"]);
  pass(1000);
  assertEquals(look(), [true, undefined]);
});

Deno.test("watchClock() knows of a jump at a start right after another", () => {
  const { look, pass, set, restart } = machine();
  set(100 * DAY_MS);
  assertEquals(look(), [false, "ahead"]);
  restart();
  pass(10);
  assertEquals(look(), [false, "ahead"]);
});

Deno.test("watchClock() trusts a clock that was set right again", () => {
  const { look, pass, set } = machine();
  look();
  set(100 * DAY_MS);
  pass(1000);
  look();
  pass(HOUR_MS);
  set(-100 * DAY_MS);
  assertEquals(look(), [true, "right"]);
  pass(1000);
  assertEquals(look(), [true, undefined]);
});

Deno.test("watchClock() tells of a clock that goes back, which removes nothing", () => {
  const { look, pass, set } = machine();
  look();
  set(-100 * DAY_MS);
  pass(1000);
  assertEquals(look(), [true, "back"]);
  set(100 * DAY_MS);
  pass(1000);
  assertEquals(look(), [false, "ahead"]);
});

Deno.test("watchClock() begins anew where a clock jumps again", () => {
  const { look, pass, set } = machine();
  look();
  set(2 * DAY_MS);
  assertEquals(look(), [false, "ahead"]);
  pass(23 * HOUR_MS);
  assertEquals(look(), [false, undefined]);
  set(200 * DAY_MS);
  pass(1000);
  assertEquals(look(), [false, "ahead"]);
  pass(23 * HOUR_MS);
  assertEquals(look(), [false, undefined]);
  pass(2 * HOUR_MS);
  assertEquals(look(), [true, "believed"]);
});
