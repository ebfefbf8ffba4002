/** Words for people: what an error says, and which word was meant. */

/**
 * Gives the message of what was thrown.
 *
 * @param error What was thrown.
 * @returns Its message; what is no error as text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([new TypeError("failed"), "failed"].map(messageOf), ["failed", "failed"]);
 * ```
 */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Longer words are not compared: nobody mistypes them, and the comparison is quadratic. */
const MAX_LENGTH = 100;

/**
 * Finds the word that somebody probably meant.
 *
 * Case does not count. A candidate is near when at most a third of its letters differ.
 *
 * @param word What was written.
 * @param candidates What could have been meant.
 * @returns The nearest candidate, the first one of several, or `undefined` when none is near.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(nearest("totl", ["id", "total", "subtotal"]), "total");
 * assertEquals(nearest("colour", ["id", "total"]), undefined);
 * ```
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    const limit = Math.ceil(Math.max(word.length, candidate.length) / 3);
    // "id" is no likely meaning of "ax", though only two letters differ.
    if (distance > limit || distance >= candidate.length || distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/**
 * How many letters are added, taken out or changed from one word to another. That of `deno-std`
 * makes a table of 4 MiB as soon as it is loaded, which pays for long texts alone.
 */
function editDistance(from: string, to: string): number {
  let distances = Array.from({ length: to.length + 1 }, (_, length) => length);
  for (let row = 0; row < from.length; row++) {
    const next = [row + 1];
    for (let column = 0; column < to.length; column++) {
      const changed = (distances[column] ?? 0) + (from[row] === to[column] ? 0 : 1);
      const added = (next[column] ?? 0) + 1;
      const taken = (distances[column + 1] ?? 0) + 1;
      next.push(Math.min(changed, added, taken));
    }
    distances = next;
  }
  return distances[to.length] ?? 0;
}
