import {
  formatCursor,
  type ListSpan,
  parseCursor,
  type Position,
} from "../../../../lib/journal/delivery_filter.ts";

const LIST_LIMIT = 50;

/** Which part of a list is wanted. */
export interface PageOptions {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/**
 * Cuts a page out of a list.
 *
 * @param items The whole list, in any order.
 * @param positionOf Tells where an item stands.
 * @param options Which page.
 * @returns The items of the page, newest first, and what continues the list.
 * @throws {SyntaxError} When the cursor is not one.
 */
export function pageOf<T>(
  items: readonly T[],
  positionOf: (item: T) => Position,
  { limit = LIST_LIMIT, cursor }: PageOptions,
): { readonly items: readonly T[]; readonly next: string | null } {
  const after = cursor === undefined ? undefined : parseCursor(cursor);
  const behind = items
    .map((item) => ({ item, position: positionOf(item) }))
    .filter(({ position }) => after === undefined || comparePositions(position, after) < 0)
    .sort((a, b) => comparePositions(b.position, a.position));
  const last = behind[limit - 1];
  return {
    items: behind.slice(0, limit).map(({ item }) => item),
    next: behind.length > limit && last !== undefined ? formatCursor(last.position) : null,
  };
}

/**
 * Tells when the item came that has so many others before it, newest first.
 *
 * @param items All of a span, in any order.
 * @param positionOf Tells where an item stands.
 * @param rows How many others.
 * @param span Where the list goes on.
 */
export function timeBehindOf<T>(
  items: readonly T[],
  positionOf: (item: T) => Position,
  rows: number,
  { cursor }: ListSpan = {},
): Promise<number | undefined> {
  return Promise.try(() => {
    const last = pageOf(items, positionOf, { limit: rows + 1, cursor }).items[rows];
    return last === undefined ? undefined : positionOf(last).receivedAt;
  });
}

/**
 * Compares two places in the order.
 *
 * @param a The first.
 * @param b The second.
 * @returns Below 0 when the first is older, above 0 when it is newer, 0 when both are one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const at = (receivedAt: number, id: string) => ({ receivedAt, id });
 * assertEquals(comparePositions(at(1, "b"), at(2, "a")), -1);
 * assertEquals(comparePositions(at(2, "b"), at(2, "a")), 1);
 * ```
 */
export function comparePositions(a: Position, b: Position): number {
  if (a.receivedAt !== b.receivedAt) return a.receivedAt < b.receivedAt ? -1 : 1;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

/**
 * Gives items one by one, as a store that has to wait for them does.
 *
 * @param items Finds them.
 */
export async function* streamOf<T>(items: () => Iterable<T>): AsyncGenerator<T> {
  yield* items();
}
