import { assertEquals, assertThrows } from "@std/assert";
import { takeTurn } from "../../../lib/http/capacity.ts";
import { Problem } from "../../../lib/http/problem/problem.ts";
import { createTokenBucket } from "../../../lib/util/token_bucket.ts";

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
