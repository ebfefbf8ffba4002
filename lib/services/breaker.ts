/**
 * A circuit breaker: it keeps callers from waiting for what has failed again and again.
 *
 * The package `cockatiel` has one, too, and is not taken (4.0.0): beside a trial it lets callers wait
 * for its end, where here they are refused at once, for a shopper waits; what was begun before it
 * opened counts when it has closed again; it reads the clock of the wall, which may be put back; and
 * it does not say when to come again, which the answer's `Retry-After` does.
 */

/** When a breaker opens, and for how long. */
export interface BreakerSettings {
  /** After how many failures in a row. */
  readonly failures: number;
  /** For how long nobody is let through, in milliseconds. */
  readonly resetMs: number;
}

/** Lets everybody through, nobody, or one as a trial. */
export type BreakerState = "closed" | "open" | "half-open";

/** What a result changed. */
export type BreakerChange = "opened" | "closed" | null;

/** One who was let through. */
export interface Pass {
  /** Tells the result. To be called once; further calls change nothing. */
  end(isSuccess: boolean): BreakerChange;
}

/** Keeps callers from waiting for what has failed again and again. */
export interface Breaker {
  /** Lets a caller through, who has to tell the result; `undefined` when nobody gets through. */
  enter(): Pass | undefined;
  state(): BreakerState;
  /** In how many milliseconds the next caller may get through; 0 when at once. */
  waitMs(): number;
}

/**
 * Makes a breaker, closed.
 *
 * It opens after failures in a row, and closes when a single trial succeeds. Results of those who
 * were let through before it last opened or closed say nothing of now, and count no more.
 *
 * @param settings When it opens, and for how long.
 * @param now Tells the time, in milliseconds; it never goes back.
 * @returns The breaker.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * let time = 0;
 * const breaker = createBreaker({ failures: 1, resetMs: 1000 }, () => time);
 * assertEquals(breaker.enter()?.end(false), "opened");
 * assertEquals([breaker.enter(), breaker.waitMs()], [undefined, 1000]);
 * time = 1000;
 * assertEquals(breaker.state(), "half-open");
 * assertEquals(breaker.enter()?.end(true), "closed");
 * ```
 */
export function createBreaker(
  { failures, resetMs }: BreakerSettings,
  now: () => number = () => performance.now(),
): Breaker {
  let failuresInRow = 0;
  /** When it opened; `null` while it is closed. */
  let openedAt: number | null = null;
  let isTrying = false;
  /** Counts the times it opened or closed. */
  let era = 0;

  function turn(time: number | null): void {
    failuresInRow = 0;
    openedAt = time;
    isTrying = false;
    era++;
  }

  function waitMs(): number {
    return openedAt === null ? 0 : Math.max(0, openedAt + resetMs - now());
  }

  function note(isSuccess: boolean): BreakerChange {
    if (isSuccess) {
      const wasOpen = openedAt !== null;
      if (wasOpen) turn(null);
      failuresInRow = 0;
      return wasOpen ? "closed" : null;
    }
    failuresInRow++;
    if (openedAt === null && failuresInRow < failures) return null;
    turn(now());
    return "opened";
  }

  return {
    enter() {
      if (openedAt !== null) {
        if (isTrying || waitMs() > 0) return undefined;
        isTrying = true;
      }
      let enteredIn: number | undefined = era;
      return {
        end(isSuccess) {
          const counts = enteredIn === era;
          enteredIn = undefined;
          return counts ? note(isSuccess) : null;
        },
      };
    },
    state() {
      if (openedAt === null) return "closed";
      return isTrying || waitMs() === 0 ? "half-open" : "open";
    },
    waitMs,
  };
}
