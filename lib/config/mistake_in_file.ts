import type { Mistake } from "./mistake.ts";

/** A line and a column, both from 1, as an editor counts them. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A mistake with its place in the file; without one when the file could not be read. */
export interface LocatedMistake extends Mistake {
  readonly position?: Position;
}

/**
 * Sorts mistakes in the order in which a reader of the file meets them.
 *
 * @param mistakes The mistakes, in any order.
 * @returns Those without a place first, then from top to bottom; equal ones keep their order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { inFileOrder } from "./mistake_in_file.ts";
 *
 * const late = { path: [], message: "late", position: { line: 9, column: 1 } };
 * const early = { path: [], message: "early", position: { line: 2, column: 5 } };
 * assertEquals(inFileOrder([late, early]), [early, late]);
 * ```
 */
export function inFileOrder(mistakes: readonly LocatedMistake[]): readonly LocatedMistake[] {
  return mistakes.toSorted((a, b) =>
    (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
    (a.position?.column ?? 0) - (b.position?.column ?? 0)
  );
}
