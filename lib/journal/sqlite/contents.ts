import { createRowPlaces } from "./row_places.ts";

/** The contents of the deliveries that came last, by their numbers: see `contentNumber()`. */
export interface Contents {
  /**
   * Finds what a delivery repeats, and keeps it for those that come after it.
   *
   * @param content The number of its content; another content may have the same one.
   * @param seq Its key.
   * @param earlier Looks up a delivery that had this number: gives its id when it has this content.
   * @returns The id of the first that is there; `null` when there is none.
   */
  readonly repeatOf: (
    content: number,
    seq: number,
    earlier: (seq: number) => string | undefined,
  ) => string | null;
  /** Keeps one that is there already, the oldest first. */
  readonly keep: (content: number, seq: number) => void;
}

/** So many contents are known at least: they take 4 MiB, and little while there are few. */
export const CONTENTS_KNOWN = 131_072;

/**
 * Makes an empty collection.
 *
 * @param known How many contents are known at least.
 * @returns The collection.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const contents = createContents();
 * const stored = new Map([[1, "first"]]);
 * const earlier = (seq: number) => stored.get(seq);
 * assertEquals(contents.repeatOf(77, 1, earlier), null);
 * assertEquals(contents.repeatOf(77, 2, earlier), "first");
 * ```
 */
export function createContents(known: number = CONTENTS_KNOWN): Contents {
  const firsts = createRowPlaces(known);
  /** Those that came again, for when the first is gone. */
  const repeats = createRowPlaces(known);

  return {
    repeatOf(content, seq, earlier) {
      for (const { seq: first, isRecent } of firsts.at(content)) {
        const found = earlier(first);
        if (found === undefined) continue;
        // What comes again stays known.
        if (!isRecent) firsts.add(content, first);
        repeats.add(content, seq);
        return found;
      }
      for (const { seq: last } of repeats.at(content)) {
        const found = earlier(last);
        if (found === undefined) continue;
        firsts.add(content, last);
        repeats.add(content, seq);
        return found;
      }
      firsts.add(content, seq);
      return null;
    },
    keep(content, seq) {
      const isKnown = !firsts.at(content)[Symbol.iterator]().next().done;
      (isKnown ? repeats : firsts).add(content, seq);
    },
  };
}
