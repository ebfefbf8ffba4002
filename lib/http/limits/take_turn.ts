import type { TokenBucket } from "../../util/token_bucket.ts";
import { Problem } from "../problem/problem.ts";

const MS_PER_SECOND = 1000;

/**
 * Takes one of what a rate allows.
 *
 * @param rate The rate of an endpoint; `undefined` where there is none.
 * @param now What counts as now, in milliseconds of the rate's clock.
 * @throws {Problem} When the rate is used up (`too_many_requests`), with the seconds to wait.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { createTokenBucket } from "../../util/token_bucket.ts";
 * import { Problem } from "../problem/problem.ts";
 *
 * const rate = createTokenBucket(1, 0, 1);
 * takeTurn(rate, 0);
 * assertThrows(() => takeTurn(rate, 0), Problem, "too_many_requests");
 * ```
 */
export function takeTurn(rate: TokenBucket | undefined, now: number): void {
  if (rate === undefined) return;
  const waitMs = rate.waitMs(now);
  if (waitMs > 0) {
    const seconds = Math.max(1, Math.ceil(waitMs / MS_PER_SECOND));
    throw new Problem("too_many_requests", { headers: { "Retry-After": String(seconds) } });
  }
  rate.take(1);
}
