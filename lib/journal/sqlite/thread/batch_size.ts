/** Tells how many calls are worth a message and a transaction of their own. */
export interface BatchSize {
  /** Hears how many calls wait for their results, each time that one more does. */
  readonly hear: (waiting: number) => void;
  /** Hears that a batch goes, and how many calls wait then. */
  readonly sent: (waiting: number) => void;
  /** So many calls are sent although others are under way. */
  readonly full: () => number;
}

/**
 * Smaller ones cost more than they let overlap: each is a message and its answer, a transaction and
 * a sync. Found by measuring.
 */
const LEAST = 12;

/** After so many batches with less to do, about a third of what was most is left of it. */
const MEMORY = 16;

/**
 * Finds the size of a batch by the load: half of the most calls that waited at a time. Then one half
 * is stored while those who wait for the other half are answered and come again; with less in a
 * batch each call has more of the cost that batches have, with more both sides wait for each other.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const size = createBatchSize();
 * assertEquals(size.full(), 12);
 * size.hear(64);
 * assertEquals(size.full(), 32);
 * ```
 */
export function createBatchSize(): BatchSize {
  let most = 0;
  return {
    hear(waiting) {
      most = Math.max(most, waiting);
    },
    sent(waiting) {
      most = Math.max(waiting, most - Math.ceil(most / MEMORY));
    },
    full: () => Math.max(LEAST, Math.ceil(most / 2)),
  };
}
