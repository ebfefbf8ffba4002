import type { TokenBucket } from "../util/token_bucket.ts";
import { Problem } from "./problem/problem.ts";

/** Room for so many at a time. */
export interface Capacity {
  /**
   * Takes a place.
   *
   * @returns What gives it back, or `undefined` when there is none.
   */
  enter(): (() => void) | undefined;
}

/**
 * Makes room for so many at a time.
 *
 * @param most How many.
 * @returns The room, empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const capacity = createCapacity(1);
 * const leave = capacity.enter();
 * assertEquals(capacity.enter(), undefined);
 * leave?.();
 * assertEquals(typeof capacity.enter(), "function");
 * ```
 */
export function createCapacity(most: number): Capacity {
  let inside = 0;
  return {
    enter() {
      if (inside >= most) return undefined;
      inside++;
      let isInside = true;
      return () => {
        if (isInside) inside--;
        isInside = false;
      };
    },
  };
}

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
 * import { createTokenBucket } from "../util/token_bucket.ts";
 * import { Problem } from "./problem/problem.ts";
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
