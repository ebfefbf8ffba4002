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

/** Of each content the first delivery that had it, and the last. */
interface Generation {
  readonly contents: Float64Array<ArrayBuffer>;
  readonly firsts: Float64Array<ArrayBuffer>;
  readonly lasts: Float64Array<ArrayBuffer>;
  used: number;
}

/**
 * So many contents are known at least, and twice as many at most: the older half is forgotten at
 * once. They take 12 MiB then, and little while there are few.
 */
export const CONTENTS_KNOWN = 131_072;

const FIRST_SLOTS = 1024;
const EMPTY = -1;

/**
 * Makes an empty collection, in arrays of numbers: objects by the hundred thousand would be moved
 * and looked through by the engine again and again.
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
  let young = generation(FIRST_SLOTS);
  let old = generation(FIRST_SLOTS);

  function add(content: number, first: number, last: number): void {
    if (young.used >= known) [old, young] = [young, generation(FIRST_SLOTS)];
    if (2 * (young.used + 1) > young.contents.length) young = grown(young);
    put(young, content, first, last);
  }

  return {
    repeatOf(content, seq, earlier) {
      for (const generation of [young, old]) {
        for (const slot of slotsOf(generation, content)) {
          const first = generation.firsts[slot] ?? EMPTY;
          const last = generation.lasts[slot] ?? EMPTY;
          const found = earlier(first) ?? (last === first ? undefined : earlier(last));
          if (found === undefined) continue;
          // What comes again stays known.
          if (generation === young) young.lasts[slot] = seq;
          else add(content, first, seq);
          return found;
        }
      }
      add(content, seq, seq);
      return null;
    },
    keep(content, seq) {
      const [slot] = slotsOf(young, content);
      if (slot === undefined) add(content, seq, seq);
      else young.lasts[slot] = seq;
    },
  };
}

function generation(slots: number): Generation {
  return {
    contents: new Float64Array(slots).fill(EMPTY),
    firsts: new Float64Array(slots),
    lasts: new Float64Array(slots),
    used: 0,
  };
}

function grown(from: Generation): Generation {
  const to = generation(2 * from.contents.length);
  for (const [slot, content] of from.contents.entries()) {
    if (content === EMPTY) continue;
    put(to, content, from.firsts[slot] ?? EMPTY, from.lasts[slot] ?? EMPTY);
  }
  return to;
}

function put(generation: Generation, content: number, first: number, last: number): void {
  const { contents, firsts, lasts } = generation;
  let slot = content % contents.length;
  while (contents[slot] !== EMPTY) slot = (slot + 1) % contents.length;
  contents[slot] = content;
  firsts[slot] = first;
  lasts[slot] = last;
  generation.used++;
}

/** Where a content stands, and others that have its number. */
function* slotsOf({ contents }: Generation, content: number): Generator<number> {
  let slot = content % contents.length;
  for (; contents[slot] !== EMPTY; slot = (slot + 1) % contents.length) {
    if (contents[slot] === content) yield slot;
  }
}
