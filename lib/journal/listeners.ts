/** Those who want to be told of changes. */
export interface Listeners {
  /** Adds one, and returns how to end that. */
  readonly add: (listener: () => void) => () => void;
  readonly announce: () => void;
}

/**
 * Makes an empty list.
 *
 * @returns The list.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const listeners = createListeners();
 * let told = 0;
 * const end = listeners.add(() => told++);
 * listeners.announce();
 * end();
 * listeners.announce();
 * assertEquals(told, 1);
 * ```
 */
export function createListeners(): Listeners {
  const listeners = new Set<() => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    announce: () => listeners.forEach((listener) => listener()),
  };
}
