/** Sets of the values that a part of a condition may have. */

/** A number, or a text: those are in the order of their characters, as rules compare them. */
type Point = number | string;

/** A run of values; without an end it has none there. */
export interface Span {
  readonly from?: Point | undefined;
  readonly to?: Point | undefined;
  readonly hasFrom: boolean;
  readonly hasTo: boolean;
}

/** Numbers or texts by runs that do not overlap, in order; or flags. */
export type ValueSet =
  | { readonly kind: "numbers" | "texts"; readonly spans: readonly Span[] }
  | { readonly kind: "flags"; readonly hasTrue: boolean; readonly hasFalse: boolean };

/** How a value compares with another. */
export type Comparison = "<" | "<=" | ">" | ">=" | "==" | "!=";

/** How the other value compares with the first. */
export const MIRRORED: Readonly<Record<Comparison, Comparison>> = {
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
  "==": "==",
  "!=": "!=",
};

/**
 * The numbers or texts that compare so with one.
 *
 * @param comparison How they compare, they on the left.
 * @param value The one.
 */
export function valuesThat(comparison: Comparison, value: Point): ValueSet {
  const below: Span = { to: value, hasFrom: false, hasTo: comparison === "<=" };
  const above: Span = { from: value, hasFrom: comparison === ">=", hasTo: false };
  switch (comparison) {
    case "<":
    case "<=":
      return setOf(value, [below]);
    case ">":
    case ">=":
      return setOf(value, [above]);
    case "==":
      return setOf(value, [point(value)]);
    case "!=":
      return setOf(value, [below, above]);
  }
}

/** Just these texts, or these numbers. */
export function justThese(values: readonly Point[]): ValueSet {
  const spans = [...new Set(values)].sort(order).map(point);
  return setOf(values[0] ?? "", spans);
}

/**
 * The values between two.
 *
 * @param span The two; without one there is no end.
 * @param kind What they are.
 */
export function valuesBetween(span: Span, kind: "numbers" | "texts"): ValueSet {
  return isEmptySpan(span) ? { kind, spans: [] } : { kind, spans: [span] };
}

/** Texts that begin so. */
export function textsFrom(prefix: string): ValueSet {
  if (prefix === "") return allLike({ kind: "texts", spans: [] });
  const to = after(prefix);
  return { kind: "texts", spans: [{ from: prefix, hasFrom: true, to, hasTo: false }] };
}

/**
 * The first text behind all that begin so.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(after("2026-12"), "2026-13");
 * ```
 */
export function after(prefix: string): string | undefined {
  for (let end = prefix.length; end > 0; end--) {
    const unit = prefix.charCodeAt(end - 1);
    if (unit < 0xffff) return prefix.slice(0, end - 1) + String.fromCharCode(unit + 1);
  }
  return undefined;
}

/** Just this one of true and false. */
export function flagOf(value: boolean): ValueSet {
  return { kind: "flags", hasTrue: value, hasFalse: !value };
}

/** All values of the kind of a set. */
function allLike(set: ValueSet): ValueSet {
  if (set.kind === "flags") return { kind: "flags", hasTrue: true, hasFalse: true };
  return { kind: set.kind, spans: [{ hasFrom: false, hasTo: false }] };
}

/** Whether there is no value in it. */
export function isNone(set: ValueSet): boolean {
  return set.kind === "flags" ? !set.hasTrue && !set.hasFalse : set.spans.length === 0;
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
 * assertEquals(isNone(bothOf(valuesThat(">", 5), valuesThat("<", 1))), true);
 * assertEquals(isNone(bothOf(valuesThat(">=", 5), valuesThat("<=", 5))), false);
 * ```
 */
export function bothOf(a: ValueSet, b: ValueSet): ValueSet {
  if (a.kind === "flags" && b.kind === "flags") {
    return {
      kind: "flags",
      hasTrue: a.hasTrue && b.hasTrue,
      hasFalse: a.hasFalse && b.hasFalse,
    };
  }
  if (a.kind === "flags" || b.kind === "flags" || a.kind !== b.kind) {
    throw new TypeError(`Cannot intersect ${a.kind} with ${b.kind}`);
  }
  const spans: Span[] = [];
  let [left, right] = [0, 0];
  for (;;) {
    const [one, other] = [a.spans[left], b.spans[right]];
    if (one === undefined || other === undefined) return { kind: a.kind, spans };
    const both = spanInBoth(one, other);
    if (!isEmptySpan(both)) spans.push(both);
    if (endsBefore(one, other)) left++;
    else right++;
  }
}

/** All other values of its kind. */
export function allBut(set: ValueSet): ValueSet {
  if (set.kind === "flags") {
    return { kind: "flags", hasTrue: !set.hasTrue, hasFalse: !set.hasFalse };
  }
  const gaps: Span[] = [];
  let open: Pick<Span, "from" | "hasFrom"> = { hasFrom: false };
  for (const { from, to, hasFrom, hasTo } of set.spans) {
    const gap: Span = { ...open, to: from, hasTo: !hasFrom };
    if (from !== undefined && !isEmptySpan(gap)) gaps.push(gap);
    if (to === undefined) return { kind: set.kind, spans: gaps };
    open = { from: to, hasFrom: !hasTo };
  }
  return { kind: set.kind, spans: [...gaps, { ...open, hasTo: false }] };
}

function setOf(value: Point, spans: readonly Span[]): ValueSet {
  const kind = typeof value === "number" ? "numbers" : "texts";
  return { kind, spans: spans.filter((span) => !isEmptySpan(span)) };
}

function point(value: Point): Span {
  return { from: value, to: value, hasFrom: true, hasTo: true };
}

function order(a: Point, b: Point): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function isEmptySpan({ from, to, hasFrom, hasTo }: Span): boolean {
  // No text stands before the empty one.
  if (to === "" && !hasTo) return true;
  return from !== undefined && to !== undefined &&
    (from > to || (from === to && !(hasFrom && hasTo)));
}

function endsBefore(a: Span, b: Span): boolean {
  if (a.to === undefined) return false;
  if (b.to === undefined || a.to < b.to) return true;
  return a.to === b.to && !a.hasTo;
}

function spanInBoth(a: Span, b: Span): Span {
  const from = later(a, b);
  const to = earlier(a, b);
  return { ...from, ...to };
}

function later(a: Span, b: Span): Pick<Span, "from" | "hasFrom"> {
  if (b.from === undefined) return a.from === undefined ? { hasFrom: false } : startOf(a);
  if (a.from === undefined || b.from > a.from) return startOf(b);
  return b.from === a.from ? { from: a.from, hasFrom: a.hasFrom && b.hasFrom } : startOf(a);
}

function earlier(a: Span, b: Span): Pick<Span, "to" | "hasTo"> {
  if (b.to === undefined) return a.to === undefined ? { hasTo: false } : endOf(a);
  if (a.to === undefined || b.to < a.to) return endOf(b);
  return b.to === a.to ? { to: a.to, hasTo: a.hasTo && b.hasTo } : endOf(a);
}

function startOf({ from, hasFrom }: Span): Pick<Span, "from" | "hasFrom"> {
  return { from, hasFrom };
}

function endOf({ to, hasTo }: Span): Pick<Span, "to" | "hasTo"> {
  return { to, hasTo };
}
