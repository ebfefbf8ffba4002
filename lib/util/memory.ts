/** What is kept in memory: briefly, for good, when first asked for, until it is taken, and by address. */
import { networkOf } from "./addresses.ts";

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

/** Among how many shares addresses are divided. */
export const SHARE_COUNT = 4096;

const SHARE_BITS = 12;
const HASH_BITS = 32;
const FACTOR = 0x01000193;
/** Nobody can choose addresses that fall on somebody else's share. */
const SEED = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

/**
 * Gives the share of an address: a number below {@linkcode SHARE_COUNT}, so that what is counted
 * for each address has its place in an array. A `Map` of addresses that come and go would keep what
 * was in it for long (see docs/architecture.md), and grow with whoever comes.
 *
 * @param address The address. Those of one network of IPv6, as a subscriber gets it, share.
 * @returns The share. That two addresses have the same one is rare, and costs no more than room.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(shareOf("2001:db8::1"), shareOf("2001:db8::2"));
 * assertEquals(shareOf("::ffff:192.0.2.7"), shareOf("192.0.2.7"));
 * ```
 */
export function shareOf(address: string): number {
  const text = address.includes(":") ? networkOf(address) : address;
  let hash = SEED;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FACTOR);
  }
  return hash >>> (HASH_BITS - SHARE_BITS);
}
