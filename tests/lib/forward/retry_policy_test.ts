import {
  afterFailure,
  type Failure,
  LONGEST_RETRY_AFTER_MS,
  MAX_PAUSE_MS,
  RETRY_DELAYS_MS,
  retryAfterMs,
} from "../../../lib/forward/retry_policy.ts";
import { NOW } from "./samples.ts";
import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const status = fc.option(fc.integer({ min: 300, max: 599 }));

function failure(parts: Partial<Failure>): Failure {
  const delaysMs = RETRY_DELAYS_MS;
  return {
    attempts: 1,
    delaysMs,
    status: 500,
    retryAfter: null,
    maxPauseMs: MAX_PAUSE_MS,
    now: NOW,
    random: 0.5,
    ...parts,
  };
}

/** In how many milliseconds the next attempt is due; `undefined` when there is none. */
function delayAfter(parts: Partial<Failure>): number | undefined {
  const { outcome } = afterFailure(failure(parts));
  return outcome.state === "waiting" ? outcome.dueAt - NOW : undefined;
}

Deno.test("afterFailure() follows the schedule and gives up after the thirteenth attempt", () => {
  const delays = Array.from({ length: 14 }, (_, index) => delayAfter({ attempts: index + 1 }));
  const hours = [2, 5, 10, 14, 20, 24].map((hour) => hour * 3_600_000);
  const first = [5, 15, 45, 120, 300, 1800].map((seconds) => seconds * 1000);
  assertEquals(delays, [...first, ...hours, undefined, undefined]);
  assertEquals(afterFailure(failure({ attempts: 13 })).outcome, { state: "failed" });
});

Deno.test("afterFailure() varies each delay by ten percent", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 12 }), status, random, (attempts, code, dice) => {
    const scheduled = RETRY_DELAYS_MS[attempts - 1] ?? NaN;
    const delay = delayAfter({ attempts, status: code, random: dice }) ?? NaN;
    assert(delay >= Math.floor(0.9 * scheduled) && delay <= Math.ceil(1.1 * scheduled));
  }));
  assertEquals([0, 0.999_999].map((dice) => delayAfter({ random: dice })), [4500, 5500]);
});

Deno.test("afterFailure() follows a schedule of the destination's own", () => {
  const delays = [1, 2, 3].map((attempts) => delayAfter({ attempts, delaysMs: [200, 50] }));
  assertEquals(delays, [200, 50, undefined]);
  assertEquals(delayAfter({ delaysMs: [] }), undefined);
  assertEquals(delayAfter({ delaysMs: [200], retryAfter: "1" }), 1000);
});

Deno.test("afterFailure() is a pure function", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 12 }), status, random, (attempts, code, dice) => {
    const parts = { attempts, status: code, random: dice };
    assertEquals(afterFailure(failure(parts)), afterFailure(failure(parts)));
  }));
});

Deno.test("afterFailure() never comes back before Retry-After, up to a day", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(), random, (attempts, s, dice) => {
    const asked = Math.min(s * 1000, LONGEST_RETRY_AFTER_MS);
    const without = delayAfter({ attempts, random: dice }) ?? NaN;
    assertEquals(
      delayAfter({ attempts, random: dice, retryAfter: String(s) }),
      Math.max(asked, without),
    );
  }));
  const retryAfter = new Date(NOW + 3_600_000).toUTCString();
  assertEquals(delayAfter({ retryAfter }), 3_600_000 - NOW % 1000);
  assertEquals(delayAfter({ retryAfter: "tomorrow" }), 5000);
});

Deno.test("afterFailure() gives a destination a rest when it says that it is asked too much", () => {
  const restOf = (parts: Partial<Failure>) => {
    const { pauseUntil } = afterFailure(failure(parts));
    return pauseUntil === null ? null : pauseUntil - NOW;
  };
  assertEquals([429, 502, 503, 504].map((code) => restOf({ status: code })), [
    5000,
    5000,
    5000,
    5000,
  ]);
  assertEquals([null, 302, 400, 410, 500].map((code) => restOf({ status: code })), [
    null,
    null,
    null,
    null,
    null,
  ]);
  assertEquals(restOf({ status: 429, retryAfter: "7" }), 7000);
  assertEquals(restOf({ status: 429, retryAfter: "0" }), 0);
  assertEquals(restOf({ status: 429, retryAfter: "9999999" }), 300_000);
  assertEquals(restOf({ status: 503, retryAfter: "86400", maxPauseMs: 60_000 }), 60_000);
  assertEquals(restOf({ status: 429, maxPauseMs: 0 }), 0);
  assertEquals(restOf({ status: 503, attempts: 4 }), 60_000);
  assertEquals(restOf({ status: 503, attempts: 13 }), 60_000);
});

Deno.test("afterFailure() holds back others no longer than the longest rest, whatever is asked", () => {
  const dates = ["Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"];
  const asked = fc.oneof(fc.nat().map(String), fc.constantFrom(...dates), fc.string());
  const maxPause = fc.integer({ min: 0, max: 86_400_000 });
  fc.assert(fc.property(status, asked, maxPause, random, (code, retryAfter, maxPauseMs, dice) => {
    const parts = { status: code, retryAfter, maxPauseMs, random: dice };
    const { pauseUntil, outcome } = afterFailure(failure(parts));
    assert(pauseUntil === null || (pauseUntil >= NOW && pauseUntil <= NOW + maxPauseMs));
    assert(outcome.state === "waiting" && outcome.dueAt > NOW);
    assert(outcome.dueAt <= NOW + LONGEST_RETRY_AFTER_MS);
  }));
});

Deno.test("retryAfterMs() reads seconds", () => {
  fc.assert(fc.property(fc.nat(), (seconds) => {
    assertEquals(retryAfterMs(String(seconds), NOW), seconds * 1000);
  }));
});

Deno.test("afterFailure() takes seconds beyond counting for the longest wait", () => {
  const failure = { attempts: 1, delaysMs: [5000], status: 503, maxPauseMs: 300_000, now: NOW };
  for (const retryAfter of ["9999999999999", "9".repeat(22), "9".repeat(400)]) {
    assertEquals(afterFailure({ ...failure, retryAfter, random: 0.5 }), {
      outcome: { state: "waiting", dueAt: NOW + LONGEST_RETRY_AFTER_MS },
      pauseUntil: NOW + 300_000,
    });
  }
});

Deno.test("retryAfterMs() reads a date, and takes one in the past for now", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), (seconds) => {
    const date = new Date(seconds * 1000).toUTCString();
    assertEquals(retryAfterMs(date, NOW), Math.max(0, seconds * 1000 - NOW));
  }));
});

Deno.test("retryAfterMs() reads the two old forms of a date", () => {
  const now = Date.UTC(1994, 10, 6, 8, 49, 0);
  assertEquals(retryAfterMs("Sunday, 06-Nov-94 08:49:37 GMT", now), 37_000);
  assertEquals(retryAfterMs("Sun Nov  6 08:49:37 1994", now), 37_000);
});

Deno.test("retryAfterMs() takes nothing else", () => {
  const texts = ["", " 5", "-5", "+5", "5.5", "5s", "1e3", "0x10", "2026-11-21", "soon", "٣"];
  texts.push("Sat, 99 Nov 2026 08:01:00 GMT", "Sat, 21 Nov 2026 08:01:00 CET");
  assertEquals(texts.map((text) => retryAfterMs(text, NOW)), texts.map(() => null));
});
