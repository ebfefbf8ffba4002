/** Long lists, fetched in pages by where the one before ended. */
import type { Position } from "../delivery_filter.ts";
import { type ForwardSelection, isIds } from "../forwards.ts";
import type { Query } from "./connection.ts";
import { forwardsAfter } from "./forwards.ts";

/** Rows that are fetched at once. */
const AT_ONCE = 100;
/** Forwards that are changed in one transaction. */
const CHANGED_AT_ONCE = 50;

/**
 * Goes through all that a query finds.
 *
 * @param next Fetches so many of those after a place, or the first ones.
 * @param placeOf The place of one of them.
 */
export async function* walk<T>(
  next: (after: Position | undefined, count: number) => Promise<readonly T[]>,
  placeOf: (one: T) => Position,
): AsyncGenerator<T> {
  let after: Position | undefined;
  for (;;) {
    const page = await next(after, AT_ONCE);
    yield* page;
    const last = page.at(-1);
    if (page.length < AT_ONCE || last === undefined) return;
    after = placeOf(last);
  }
}

/**
 * Goes through the forwards of a selection.
 *
 * @param selection Ids, of which each is told once, or what the forwards have in common.
 * @returns Their ids, as many at a time as are changed in one transaction.
 */
export async function* idsOf(
  query: Query,
  selection: ForwardSelection,
): AsyncGenerator<readonly string[]> {
  if (isIds(selection)) {
    const unique = [...new Set(selection)];
    while (unique.length > 0) yield unique.splice(0, CHANGED_AT_ONCE);
    return;
  }
  let after: Position | undefined;
  for (;;) {
    const places = await forwardsAfter(query, selection, after, CHANGED_AT_ONCE);
    if (places.length > 0) yield places.map(({ id }) => id);
    if (places.length < CHANGED_AT_ONCE) return;
    after = places.at(-1);
  }
}
