import { setImmediate } from "node:timers";

/**
 * Lets timers and what came over the network have their turn.
 *
 * @example
 * ```ts
 * await nextTurn();
 * ```
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
