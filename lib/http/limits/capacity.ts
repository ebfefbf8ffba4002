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
