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
