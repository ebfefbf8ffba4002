/** Where the rows with a number are. */
export interface RowPlaces {
  /** Notes the key of a row. */
  readonly add: (number: number, seq: number) => void;
  /** The rows with a number, newest first. */
  readonly at: (number: number) => Iterable<RowPlace>;
}

/** Where a row is. */
export interface RowPlace {
  /** Its key. */
  readonly seq: number;
  /** Whether it is among those that are forgotten last. */
  readonly isRecent: boolean;
}

/** Those that are forgotten at a time are one of so many parts. */
const PARTS = 4;

/** Chains of entries, newest first. An entry is told by its index, from 1 on; 0 is none. */
interface Part {
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly seqs: Float64Array<ArrayBuffer>;
  /** The entry before one in its chain, and the newest of each chain. */
  readonly before: Int32Array<ArrayBuffer>;
  readonly newest: Int32Array<ArrayBuffer>;
  used: number;
}

/**
 * Makes an empty collection, in arrays of numbers: objects by the hundred thousand would be moved
 * and looked through by the engine again and again. Arrays that are there never grow: to take larger
 * ones leaves those before to a collection of garbage that comes late. What of them was never
 * written takes no memory.
 *
 * @param known How many of the newest are known at least; they take 24 bytes each, and a quarter more
 * are known at most.
 * @returns The collection.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const places = createRowPlaces(1000);
 * places.add(77, 1);
 * places.add(77, 2);
 * assertEquals(Array.from(places.at(77), ({ seq }) => seq), [2, 1]);
 * ```
 */
export function createRowPlaces(known: number): RowPlaces {
  const size = Math.ceil(known / PARTS);
  // Nothing is there before the first comes.
  let young = partOf(0);
  let old: readonly Part[] = [];

  return {
    add(number, seq) {
      if (young.used === young.numbers.length) {
        old = [young, ...old].slice(0, PARTS);
        young = partOf(size);
      }
      const { numbers, seqs, before, newest } = young;
      const [index, chain] = [young.used++, number % size];
      numbers[index] = number;
      seqs[index] = seq;
      before[index] = newest[chain] ?? 0;
      newest[chain] = index + 1;
    },
    *at(number) {
      for (const part of [young, ...old]) {
        const { numbers, seqs, before, newest } = part;
        let entry = newest[number % size] ?? 0;
        for (; entry > 0; entry = before[entry - 1] ?? 0) {
          if (numbers[entry - 1] !== number) continue;
          yield { seq: seqs[entry - 1] ?? 0, isRecent: part === young };
        }
      }
    },
  };
}

function partOf(size: number): Part {
  return {
    numbers: new Float64Array(size),
    seqs: new Float64Array(size),
    before: new Int32Array(size),
    newest: new Int32Array(size),
    used: 0,
  };
}
