/** Tells how many changes are worth a way to the store and a transaction of their own. */
export interface BatchSize {
  /** Hears how many changes wait for their results, each time that one more does. */
  readonly hear: (waiting: number) => void;
  /** Hears that a batch goes, and how many changes wait then. */
  readonly sent: (waiting: number) => void;
  /** Whether lately no change came while another one waited. */
  readonly isLone: () => boolean;
  /** So many are sent although others are under way. */
  readonly full: () => number;
}

/** After so many batches with less to do, about a third of what was most is left of it. */
const MEMORY = 16;

/**
 * Finds the size of a batch by the load: half of the most changes that waited at a time. Then one half
 * is stored while those who wait for the other half are answered and come again; with less in a
 * batch each has more of the cost that batches have, with more both sides wait for each other.
 *
 * @param least Smaller batches cost more than they let overlap.
 * @returns What finds it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const size = createBatchSize(12);
 * assertEquals(size.full(), 12);
 * size.hear(64);
 * assertEquals(size.full(), 32);
 * ```
 */
export function createBatchSize(least: number): BatchSize {
  let most = 0;
  return {
    hear(waiting) {
      most = Math.max(most, waiting);
    },
    sent(waiting) {
      most = Math.max(waiting, most - Math.ceil(most / MEMORY));
    },
    isLone: () => most <= 1,
    full: () => Math.max(least, Math.ceil(most / 2)),
  };
}
