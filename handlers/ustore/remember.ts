/**
 * Makes a value when it is first asked for, and once.
 *
 * Rules ask for the same fields again and again; what cannot be read throws each time.
 *
 * @param make Makes the value.
 * @returns A function that gives it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * let made = 0;
 * const value = remember(() => ++made);
 * assertEquals([value(), value()], [1, 1]);
 * ```
 */
export function remember<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
