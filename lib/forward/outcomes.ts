/** Outcomes of attempts on their way to the journal: where many come, together. */

/** Nobody who looks misses an outcome for longer. */
const LATEST_MS = 20;
/** With more in one transaction, each costs hardly less. */
const MANY = 256;

/** Outcomes that are collected. */
export interface Outcomes {
  /**
   * Adds one.
   *
   * @param write Has it written; resolves when that is done or given up.
   * @param frees Whether what waits behind it in its subject is due then.
   */
  readonly add: (write: () => Promise<void>, frees: boolean) => Promise<void>;
  /** How many are collected. */
  readonly size: () => number;
  /** Whether one of them frees another forward. */
  readonly free: () => boolean;
  /**
   * Whether to write them now.
   *
   * @param isAwaited Whether something may wait for them.
   */
  readonly areDue: (isAwaited: boolean) => boolean;
  /** In how many milliseconds they are due whoever waits; `Infinity` where there are none. */
  readonly dueInMs: () => number;
  /** Has all of them written: what is asked of the journal right after goes to the disk with them. */
  readonly write: () => void;
}

interface Collected {
  readonly write: () => void;
  readonly frees: boolean;
}

/**
 * Makes an empty collection.
 *
 * @param monotonic Tells the time, in milliseconds of a clock that is never set.
 * @returns It.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const outcomes = createOutcomes();
 * const written: string[] = [];
 * const done = outcomes.add(() => Promise.resolve(void written.push("first")), true);
 * assertEquals([outcomes.size(), written], [1, []]);
 * outcomes.write();
 * await done;
 * assertEquals([outcomes.size(), written], [0, ["first"]]);
 * ```
 */
export function createOutcomes(monotonic: () => number = () => performance.now()): Outcomes {
  let collected: Collected[] = [];
  let oldestAt = 0;
  let underWay = 0;

  function dueInMs(): number {
    return collected.length === 0 ? Infinity : Math.max(0, oldestAt + LATEST_MS - monotonic());
  }

  return {
    add(write, frees) {
      if (collected.length === 0) oldestAt = monotonic();
      const { promise, resolve } = Promise.withResolvers<void>();
      collected.push({
        frees,
        write() {
          underWay++;
          resolve(write().finally(() => underWay--));
        },
      });
      return promise;
    },
    size: () => collected.length,
    free: () => collected.some(({ frees }) => frees),
    // Those that come while others are written are the next to be written together.
    areDue: (isAwaited) =>
      collected.length > 0 &&
      ((underWay === 0 && (isAwaited || collected.length >= MANY)) || dueInMs() === 0),
    dueInMs,
    write() {
      const all = collected;
      collected = [];
      for (const { write } of all) write();
    },
  };
}
