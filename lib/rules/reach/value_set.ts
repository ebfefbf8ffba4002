/** Sets of the values that a part of a condition may have. */

/** A run of numbers. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly hasFrom: boolean;
  readonly hasTo: boolean;
}

/** Numbers by runs that do not touch, in order; texts by those that are in it, or are not. */
export type ValueSet =
  | { readonly kind: "numbers"; readonly spans: readonly Span[] }
  | { readonly kind: "texts"; readonly texts: ReadonlySet<string>; readonly isAllBut: boolean }
  | { readonly kind: "flags"; readonly hasTrue: boolean; readonly hasFalse: boolean };

const ALL_NUMBERS: Span = { from: -Infinity, to: Infinity, hasFrom: false, hasTo: false };

/** How a number compares with another. */
export type Comparison = "<" | "<=" | ">" | ">=" | "==" | "!=";

/**
 * The numbers that compare so with one.
 *
 * @param comparison How they compare, they on the left.
 * @param value The one.
 */
export function numbersThat(comparison: Comparison, value: number): ValueSet {
  const below = { ...ALL_NUMBERS, to: value };
  const above = { ...ALL_NUMBERS, from: value };
  const spans = {
    "<": [below],
    "<=": [{ ...below, hasTo: true }],
    ">": [above],
    ">=": [{ ...above, hasFrom: true }],
    "==": [{ from: value, to: value, hasFrom: true, hasTo: true }],
    "!=": [below, above],
  }[comparison];
  return { kind: "numbers", spans };
}

/** Just these texts. */
export function textsOf(texts: readonly string[]): ValueSet {
  return { kind: "texts", texts: new Set(texts), isAllBut: false };
}

/** Just this one of true and false. */
export function flagOf(value: boolean): ValueSet {
  return { kind: "flags", hasTrue: value, hasFalse: !value };
}

/** All values of the kind of a set. */
function allLike({ kind }: ValueSet): ValueSet {
  switch (kind) {
    case "numbers":
      return { kind, spans: [ALL_NUMBERS] };
    case "texts":
      return { kind, texts: new Set(), isAllBut: true };
    case "flags":
      return { kind, hasTrue: true, hasFalse: true };
  }
}

/** Whether there is no value in it. */
export function isNone(set: ValueSet): boolean {
  switch (set.kind) {
    case "numbers":
      return set.spans.length === 0;
    case "texts":
      return !set.isAllBut && set.texts.size === 0;
    case "flags":
      return !set.hasTrue && !set.hasFalse;
  }
}

/** What is in one or in the other; both of one kind. */
export function eitherOf(a: ValueSet, b: ValueSet): ValueSet {
  return allBut(bothOf(allBut(a), allBut(b)));
}

/**
 * What is in both sets.
 *
 * @throws {TypeError} When they are of different kinds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isNone(bothOf(numbersThat(">", 5), numbersThat("<", 1))), true);
 * assertEquals(isNone(bothOf(numbersThat(">=", 5), numbersThat("<=", 5))), false);
 * ```
 */
export function bothOf(a: ValueSet, b: ValueSet): ValueSet {
  if (a.kind === "numbers" && b.kind === "numbers") {
    const spans = a.spans.flatMap((one) => b.spans.flatMap((other) => spanInBoth(one, other)));
    return { kind: "numbers", spans };
  }
  if (a.kind === "texts" && b.kind === "texts") {
    if (a.isAllBut && b.isAllBut) return { ...a, texts: a.texts.union(b.texts) };
    if (a.isAllBut) return { ...b, texts: b.texts.difference(a.texts) };
    const texts = b.isAllBut ? a.texts.difference(b.texts) : a.texts.intersection(b.texts);
    return { ...a, texts };
  }
  if (a.kind === "flags" && b.kind === "flags") {
    const { hasTrue, hasFalse } = b;
    return { ...a, hasTrue: a.hasTrue && hasTrue, hasFalse: a.hasFalse && hasFalse };
  }
  throw new TypeError(`Cannot intersect ${a.kind} with ${b.kind}`);
}

function spanInBoth(a: Span, b: Span): readonly Span[] {
  const [low, high] = [Math.max(a.from, b.from), Math.min(a.to, b.to)];
  const hasFrom = (a.from < low || a.hasFrom) && (b.from < low || b.hasFrom);
  const hasTo = (a.to > high || a.hasTo) && (b.to > high || b.hasTo);
  if (low > high || (low === high && !(hasFrom && hasTo))) return [];
  return [{ from: low, to: high, hasFrom, hasTo }];
}

/** All other values of its kind. */
export function allBut(set: ValueSet): ValueSet {
  switch (set.kind) {
    case "texts":
      return { ...set, isAllBut: !set.isAllBut };
    case "flags":
      return { ...set, hasTrue: !set.hasTrue, hasFalse: !set.hasFalse };
    case "numbers":
      return set.spans.map(outside).reduce(bothOf, allLike(set));
  }
}

function outside({ from, to, hasFrom, hasTo }: Span): ValueSet {
  const spans = [
    { ...ALL_NUMBERS, to: from, hasTo: !hasFrom },
    { ...ALL_NUMBERS, from: to, hasFrom: !hasTo },
  ];
  return { kind: "numbers", spans: spans.filter(({ from, to }) => from < to) };
}
