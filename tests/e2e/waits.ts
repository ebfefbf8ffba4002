/** Waits of tests: each comes to an end, and says then what it waited for. */

/** Nothing takes so long on the busiest machine: a test that waits in vain fails, and does not hang. */
export const DEADLINE_MS = 60_000;

/** Those of the real clock, whatever a test puts in their place. */
const { setTimeout: startTimer, clearTimeout: endTimer } = globalThis;

/** Of a long text the end tells most. */
const SHOWN_LENGTH = 2000;

/** What a wait that was in vain tells. */
export interface Wait {
  /** What came so far. */
  readonly soFar?: () => string;
  readonly deadlineMs?: number;
}

/**
 * Waits for something, but not for ever.
 *
 * @param what What it is, for the error.
 * @param awaited What is waited for.
 * @param wait What the error tells beside it, and when.
 * @throws {Error} When it takes too long.
 */
export async function within<Value>(
  what: string,
  awaited: Promise<Value>,
  { soFar, deadlineMs = DEADLINE_MS }: Wait = {},
): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = startTimer(() => {
    const came = soFar === undefined ? "" : `; so far came: ${soFar().slice(-SHOWN_LENGTH)}`;
    late.reject(new Error(`Waited ${deadlineMs} ms in vain for ${what}${came}`));
  }, deadlineMs);
  try {
    return await Promise.race([awaited, late.promise]);
  } finally {
    endTimer(timer);
  }
}

/** Something that changes. */
export interface Changes {
  /** It has changed. */
  happened(): void;
  /**
   * Waits until something holds, which is looked at after each change.
   *
   * @throws {Error} When that takes too long.
   */
  until(what: string, holds: () => boolean, wait?: Wait): Promise<void>;
}

/** Makes something to tell changes to, and to wait for them. */
export function createChanges(): Changes {
  let next = Promise.withResolvers<void>();
  return {
    happened() {
      next.resolve();
      next = Promise.withResolvers();
    },
    async until(what, holds, wait) {
      let isOver = false;
      async function look(): Promise<void> {
        while (!isOver && !holds()) await next.promise;
      }
      try {
        await within(what, look(), wait);
      } finally {
        isOver = true;
      }
    },
  };
}

const LOOK_EVERY_MS = 50;

/**
 * Asks again and again until something holds.
 *
 * @param what What it is, for the error.
 * @param holds Asks.
 * @throws {Error} When that takes too long.
 */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  wait?: Wait,
): Promise<void> {
  let isOver = false;
  async function ask(): Promise<void> {
    while (!isOver && !await holds()) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
  const asking = ask();
  try {
    await within(what, asking, wait);
  } finally {
    isOver = true;
    await Promise.allSettled([asking]);
  }
}
