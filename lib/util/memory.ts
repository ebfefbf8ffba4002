/** What is kept in memory: briefly, for good, when first asked for, and until it is taken. */

const LEAST_MS = 1000;
/** What takes long to read is read seldom: it takes up a hundredth of the time at most. */
const REST_FACTOR = 100;

/**
 * Keeps what was read for a second, and for longer where reading takes long: however often it is
 * asked for, reading it can't become a load.
 *
 * @param read Reads it; nobody reads it again meanwhile. Where that fails, nothing is kept.
 * @param now Tells the time in milliseconds; any clock that only goes forward.
 * @returns What was read, or is read now.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * let time = 0;
 * let reads = 0;
 * const count = memoizeBriefly(() => Promise.resolve(++reads), () => time);
 * assertEquals([await count(), await count()], [1, 1]);
 * time = 1000;
 * assertEquals(await count(), 2);
 * ```
 */
export function memoizeBriefly<T>(
  read: () => Promise<T>,
  now: () => number = () => performance.now(),
): () => Promise<T> {
  let kept: { readonly value: Promise<T>; readonly until: number } | undefined;

  async function readNow(): Promise<T> {
    const startedAt = now();
    try {
      const value = await read();
      const endedAt = now();
      const restMs = Math.max(LEAST_MS, REST_FACTOR * (endedAt - startedAt));
      kept = { value: Promise.resolve(value), until: endedAt + restMs };
      return value;
    } catch (error) {
      kept = undefined;
      throw error;
    }
  }

  return () => {
    if (kept === undefined || now() >= kept.until) kept = { value: readNow(), until: Infinity };
    return kept.value;
  };
}

/**
 * Makes something once for each key, so that what is used often is not looked up by its labels.
 *
 * @param make Makes it.
 * @param limit How many are made; all other keys get what is made for the first of them.
 * @returns Gives what was made for a key.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const boxes = memoize((key: string) => [key], 1);
 * assertEquals(boxes("a") === boxes("a"), true);
 * assertEquals(boxes("b") === boxes("c"), true);
 * ```
 */
export function memoize<Key, Made>(
  make: (key: Key, isBeyond: boolean) => Made,
  limit: number = Infinity,
): (key: Key) => Made {
  const made = new Map<Key, Made>();
  let beyond: { readonly made: Made } | undefined;
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    if (made.size >= limit) return (beyond ??= { made: make(key, true) }).made;
    const one = make(key, false);
    made.set(key, one);
    return one;
  };
}

/**
 * Makes a value when it is first asked for, and once.
 *
 * Rules ask for the same fields again and again; what cannot be read throws each time.
 *
 * @param make Makes the value.
 * @returns A function that gives it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * let made = 0;
 * const value = lazy(() => ++made);
 * assertEquals([value(), value()], [1, 1]);
 * ```
 */
export function lazy<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

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
