import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type ArrivalLimits, createArrivals, takeTurn } from "../../../lib/http/limits.ts";
import { Problem } from "../../../lib/http/problem/problem.ts";
import { createTokenBucket } from "../../../lib/util/rates.ts";

const LIMITS: ArrivalLimits = {
  maxBodyBytes: 100,
  maxPendingBodyBytes: 1000,
  maxPendingBodyBytesPerAddress: 300,
  maxConnections: 100,
};

/** A book with a clock that is moved by hand, and the names of those that had to give way. */
function book(limits: Partial<ArrivalLimits> = {}) {
  const gone: string[] = [];
  let time = 0;
  const arrivals = createArrivals(() => time);
  return {
    gone,
    at(now: number) {
      time = now;
    },
    begin(name: string, address: string) {
      const arrival = arrivals.begin(address, { ...LIMITS, ...limits });
      arrival.onGiveWay((problem) => gone.push(`${name}: ${problem.code}`));
      return arrival;
    },
  };
}

Deno.test("createArrivals() has the slowest of an address give way to others of it", () => {
  const { gone, at, begin } = book();
  begin("slow", "192.0.2.1").reserve(100, 1);
  begin("slower", "192.0.2.1").reserve(100, 0);
  begin("elsewhere", "192.0.2.2").reserve(100, 0);
  at(5000);
  const third = begin("third", "192.0.2.1");
  third.reserve(100, 100);
  assertEquals(gone, []);
  begin("fourth", "192.0.2.1").reserve(50, 50);
  assertEquals(gone, ["slower: too_many_requests"]);
});

Deno.test("createArrivals() refuses whoever comes when nobody is slow, or is the slowest itself", () => {
  const { gone, at, begin } = book();
  const first = begin("first", "192.0.2.1");
  first.reserve(100, 100);
  for (const name of ["second", "third"]) begin(name, "192.0.2.1").reserve(100, 100);
  const fourth = begin("fourth", "192.0.2.1");
  assertThrows(() => fourth.reserve(1, 1), Problem, "too_many_requests");
  at(60_000);
  first.release();
  fourth.reserve(100, 1_000_000);
  assertEquals(gone, []);
});

Deno.test("createArrivals() says overloaded where all have too much, and forgets what is released", () => {
  const { begin } = book({ maxPendingBodyBytes: 250 });
  const all = ["192.0.2.1", "192.0.2.2"].map((address) => begin(address, address));
  for (const one of all) one.reserve(100, 100);
  const third = begin("third", "192.0.2.3");
  assertThrows(() => third.reserve(51, 51), Problem, "overloaded");
  third.reserve(50, 50);
  all[0]?.complete();
  assertThrows(() => third.reserve(51, 51), Problem, "overloaded");
  all[0]?.release();
  third.reserve(100, 51);
});

Deno.test("createArrivals() lets one body of the largest size be, whatever the budget", () => {
  const { begin } = book({ maxPendingBodyBytes: 1, maxPendingBodyBytesPerAddress: 1 });
  begin("one", "192.0.2.1").reserve(100, 100);
});

Deno.test("createArrivals() has the slowest of the address with most give way for one too many", () => {
  const { gone, at, begin } = book({ maxConnections: 3 });
  begin("alone", "192.0.2.9");
  at(1);
  begin("first of two", "192.0.2.1");
  at(2);
  begin("second of two", "192.0.2.1");
  begin("new", "192.0.2.8");
  assertEquals(gone, ["first of two: overloaded"]);
});

Deno.test("createArrivals() never holds more than the budgets, whatever comes and goes", () => {
  const step = fc.record({
    address: fc.integer({ min: 1, max: 4 }),
    bytes: fc.integer({ min: 0, max: 100 }),
    end: fc.constantFrom("stay", "complete", "release"),
    pauseMs: fc.integer({ min: 0, max: 3000 }),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const held = new Map<object, { address: number; bytes: number }>();
    let time = 0;
    const arrivals = createArrivals(() => time);
    for (const { address, bytes, end, pauseMs } of steps) {
      time += pauseMs;
      const arrival = arrivals.begin(`192.0.2.${address}`, { ...LIMITS, maxPendingBodyBytes: 500 });
      arrival.onGiveWay(() => held.delete(arrival));
      try {
        arrival.reserve(bytes, bytes);
        held.set(arrival, { address, bytes });
      } catch {
        arrival.release();
        continue;
      }
      if (end === "complete") arrival.complete();
      if (end === "release") {
        arrival.release();
        held.delete(arrival);
      }
      const all = [...held.values()];
      const sum = (ones: typeof all) => ones.reduce((total, one) => total + one.bytes, 0);
      assertEquals(sum(all) <= 500, true);
      assertEquals(sum(all.filter((one) => one.address === address)) <= 300, true);
    }
  }));
});

Deno.test("takeTurn() lets a burst through, then as many as the rate allows", () => {
  const rate = createTokenBucket(2, 0, 3);
  for (let count = 0; count < 3; count++) takeTurn(rate, 0);
  assertThrows(() => takeTurn(rate, 0), Problem, "too_many_requests");
  takeTurn(rate, 500);
  assertThrows(() => takeTurn(rate, 500), Problem, "too_many_requests");
});

Deno.test("takeTurn() tells whole seconds to wait, of which one is the least", () => {
  const headersAt = (perSecond: number) => {
    const rate = createTokenBucket(perSecond, 0, 1);
    takeTurn(rate, 0);
    return assertThrows(() => takeTurn(rate, 0), Problem).headers;
  };
  assertEquals(headersAt(100), { "Retry-After": "1" });
  assertEquals(headersAt(1), { "Retry-After": "1" });
  assertEquals(headersAt(0.4), { "Retry-After": "3" });
});

Deno.test("takeTurn() lets everything through without a rate", () => {
  for (let count = 0; count < 1000; count++) takeTurn(undefined, 0);
});
