import { assert } from "@std/assert";

const ATTEMPTS = 20;
/** Code that was never run is slow: the small work would seem larger than it is. */
const WARM_UP = 5;

/** Work of two sizes, made ready before it is measured. */
export interface Growth {
  readonly small: () => unknown;
  readonly large: () => unknown;
  /** How often the small work is in the large one. */
  readonly times: number;
}

/**
 * Asserts that work takes time in proportion to its size, however busy the machine is: the quickest
 * runs of both sizes are compared, and they are repeated until they tell. Work that grows with the
 * square of its size never gets there.
 */
export function assertProportional({ small, large, times }: Growth): void {
  let [smallMs, largeMs] = [Infinity, Infinity];
  // Halfway, on the scale of the exponents, between in proportion and by the square.
  const most = times ** 1.5;
  for (let run = 0; run < WARM_UP; run++) smallMs = Math.min(smallMs, timeOf(small));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    smallMs = Math.min(smallMs, timeOf(small));
    largeMs = Math.min(largeMs, timeOf(large));
    if (largeMs < most * smallMs) return;
  }
  assert(false, `${times} times the work takes ${(largeMs / smallMs).toFixed(1)} times as long`);
}

function timeOf(work: () => unknown): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}
