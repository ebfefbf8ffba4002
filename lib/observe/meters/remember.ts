/**
 * Makes something once for each key, so that what is used often is not looked up by its labels.
 *
 * @param make Makes it.
 * @param limit How many are made; all other keys get what is made for the first of them.
 * @returns Gives what was made for a key.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const boxes = remember((key: string) => [key], 1);
 * assertEquals(boxes("a") === boxes("a"), true);
 * assertEquals(boxes("b") === boxes("c"), true);
 * ```
 */
export function remember<Key, Made>(
  make: (key: Key, isBeyond: boolean) => Made,
  limit: number = Infinity,
): (key: Key) => Made {
  const made = new Map<Key, Made>();
  let beyond: { readonly made: Made } | undefined;
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    if (made.size >= limit) return (beyond ??= { made: make(key, true) }).made;
    const one = make(key, false);
    made.set(key, one);
    return one;
  };
}
