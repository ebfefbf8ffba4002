import { setImmediate } from "node:timers";

/** Others wait no longer than this for their turn. */
const PIECE_MS = 5;

/**
 * Works through a list in pieces, between which others get their turn: a delivery with ten thousand
 * events keeps no request waiting.
 *
 * @param items The list.
 * @param work What is made of each, with its position.
 * @returns What was made, in order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await mapInPieces([1, 2, 3], (item) => item * 2), [2, 4, 6]);
 * ```
 */
export async function mapInPieces<Item, Made>(
  items: readonly Item[],
  work: (item: Item, index: number) => Made,
): Promise<Made[]> {
  const made: Made[] = [];
  let startedAt = performance.now();
  for (const [index, item] of items.entries()) {
    made.push(work(item, index));
    if (index + 1 < items.length && performance.now() - startedAt > PIECE_MS) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      startedAt = performance.now();
    }
  }
  return made;
}
