/** Waiting: for a time, for something, for a turn, for all that is under way, and no longer than one may. */
/**
 * Waits.
 *
 * @param ms How long, in milliseconds.
 * @param signal Ends it sooner.
 */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => resolve();
  const timer = setTimeout(end, ms);
  signal.addEventListener("abort", end);
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", end);
}

/**
 * Waits for something, but not for ever.
 *
 * @param durationMs How long, in milliseconds.
 * @param waited What is waited for. It goes on when the time is over.
 * @returns Whether it came to its end in time.
 * @throws {unknown} What it was rejected with in time.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await waitAtMost(60_000, Promise.resolve()), true);
 * assertEquals(await waitAtMost(1, new Promise(() => {})), false);
 * ```
 */
export async function waitAtMost(durationMs: number, waited: Promise<unknown>): Promise<boolean> {
  const deadline = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => deadline.resolve(false), durationMs);
  try {
    return await Promise.race([waited.then(() => true), deadline.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Something to sleep by. */
export interface WakeUp {
  /** Ends the sleep; the next one when nobody sleeps, so that no call is lost. */
  wake(): void;
  /** Sleeps until woken, and no longer than this. */
  sleep(delayMs: number): Promise<void>;
}

/**
 * Makes something for one to sleep by and others to wake.
 *
 * @returns It.
 *
 * @example
 * ```ts
 * const wakeUp = createWakeUp();
 * wakeUp.wake();
 * await wakeUp.sleep(60_000);
 * ```
 */
export function createWakeUp(): WakeUp {
  let isAwake = false;
  let end: (() => void) | undefined;
  return {
    wake() {
      isAwake = true;
      end?.();
    },
    async sleep(delayMs) {
      if (!isAwake) {
        const { promise, resolve } = Promise.withResolvers<void>();
        const timer = setTimeout(resolve, delayMs);
        end = resolve;
        await promise;
        clearTimeout(timer);
      }
      isAwake = false;
      end = undefined;
    },
  };
}

/**
 * Lets timers and what came over the network have their turn.
 *
 * @example
 * ```ts
 * await nextTurn();
 * ```
 */
export function nextTurn(): Promise<void> {
  // Not setImmediate(): Deno 2.9 goes on with it without a look at the network.
  return new Promise((resolve) => void setTimeout(resolve, 0));
}

/** Others wait no longer than this for their turn. */
const PIECE_MS = 5;

/**
 * Works through a list in pieces, between which others get their turn: a delivery with ten thousand
 * events keeps no request waiting.
 *
 * @param items The list.
 * @param work What is made of each, with its position.
 * @returns What was made, in order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await mapInPieces([1, 2, 3], (item) => item * 2), [2, 4, 6]);
 * ```
 */
export async function mapInPieces<Item, Made>(
  items: readonly Item[],
  work: (item: Item, index: number) => Made,
): Promise<Made[]> {
  const made: Made[] = [];
  let startedAt = performance.now();
  for (const [index, item] of items.entries()) {
    made.push(work(item, index));
    if (index + 1 < items.length && performance.now() - startedAt > PIECE_MS) {
      await nextTurn();
      startedAt = performance.now();
    }
  }
  return made;
}

/** Work that says, each time it yields, that others may have their turn. */
export type Steps<Result> = Generator<void, Result>;

/**
 * A turn of others takes a millisecond, also where nobody comes: an eighth of this and no more. And
 * whoever comes needs two turns, one to be read and one to be answered.
 */
const STEPS_MS = 8;

/** Rows of a table, or the like, between two times that work yields: to ask each time takes time. */
export const ROWS_A_STEP = 64;

/**
 * Does work in pieces, between which others get their turn.
 *
 * @param steps The work.
 * @returns What came of it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * function* sum(numbers: readonly number[]): Steps<number> {
 *   let all = 0;
 *   for (const number of numbers) {
 *     all += number;
 *     yield;
 *   }
 *   return all;
 * }
 *
 * assertEquals(await inPieces(sum([1, 2, 3])), 6);
 * assertEquals(atOnce(sum([1, 2, 3])), 6);
 * ```
 */
export async function inPieces<Result>(steps: Steps<Result>): Promise<Result> {
  let startedAt = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - startedAt <= STEPS_MS) continue;
    await nextTurn();
    startedAt = performance.now();
  }
}

/**
 * Does work in one go, where nobody waits.
 *
 * @param steps The work.
 * @returns What came of it.
 */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Knows what is under way. */
export interface InFlight {
  /** Runs something, and remembers it until it has come to its end. */
  track<T>(work: () => T | Promise<T>): Promise<T>;
  /** How much is under way. */
  count(): number;
  /** Resolves when nothing is under way, what came meanwhile included. */
  idle(): Promise<void>;
}

/**
 * Remembers what is under way, e.g. the requests that are being answered.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { track, idle } = trackInFlight();
 * const response = track(() => Promise.resolve(new Response("done")));
 * await idle();
 * assertEquals(await (await response).text(), "done");
 * ```
 */
export function trackInFlight(): InFlight {
  let inside = 0;
  let waiting: (() => void)[] = [];

  return {
    async track(work) {
      inside++;
      try {
        return await work();
      } finally {
        if (--inside === 0) {
          for (const resolve of waiting) resolve();
          waiting = [];
        }
      }
    },
    count: () => inside,
    idle: () => inside === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
  };
}
