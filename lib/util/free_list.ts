/**
 * Values that are kept for a while, each under a number that is given out again. A `Map` in which
 * entries come and go all the time would keep what was in it for long: see docs/architecture.md.
 */
export interface FreeList<Value> {
  /** Keeps a value, and gives its number. */
  readonly add: (value: Value) => number;
  /**
   * Gives a value back, and keeps it no more; `undefined` when there is none of this number. A
   * number may be taken once: after that it may be another value's.
   */
  readonly take: (slot: number) => Value | undefined;
  /** How many values are kept. */
  readonly size: () => number;
  /** Every value that is kept. */
  readonly values: () => readonly Value[];
}

/**
 * Makes a free list, with no values yet.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const list = createFreeList<string>();
 * const first = list.add("a");
 * list.add("b");
 * assertEquals(list.take(first), "a");
 * assertEquals(list.take(first), undefined);
 * assertEquals(list.add("c"), first);
 * assertEquals(list.values(), ["c", "b"]);
 * assertEquals(list.size(), 2);
 * ```
 */
export function createFreeList<Value extends NonNullable<unknown>>(): FreeList<Value> {
  const kept: (Value | undefined)[] = [];
  const free: number[] = [];
  return {
    add(value) {
      const slot = free.pop() ?? kept.length;
      kept[slot] = value;
      return slot;
    },
    take(slot) {
      const value = kept[slot];
      if (value !== undefined) {
        kept[slot] = undefined;
        free.push(slot);
      }
      return value;
    },
    size: () => kept.length - free.length,
    values: () => kept.filter((value) => value !== undefined),
  };
}
