/** What a cell of a decision table asks for, and whether a value fits it. */
import type { TimeLimit } from "../cel/evaluation.ts";
import type { Pattern } from "../cel/text.ts";
import { after } from "../reach/value_set.ts";

/** What a column is compared with: a date and a time are texts as `2026-12-24` and `2026-12-24T08:00:00`. */
export type CellType = "number" | "text" | "bool" | "date" | "time";

/** A value of a column. */
export type CellValue = string | number | boolean;

/** What a cell asks for. */
export type CellCondition =
  | { readonly kind: "any" }
  | { readonly kind: "value"; readonly value: CellValue }
  | CellRange
  /** Texts that begin so. */
  | { readonly kind: "prefix"; readonly prefix: string }
  /** Texts of so many digits between two others. */
  | { readonly kind: "digits"; readonly from: string; readonly to: string }
  | { readonly kind: "pattern"; readonly source: string; readonly pattern: Pattern }
  | { readonly kind: "not"; readonly condition: CellCondition }
  | { readonly kind: "or"; readonly conditions: readonly CellCondition[] };

/** Numbers, or texts in the order of their characters. Without an end it has none there. */
export interface CellRange {
  readonly kind: "range";
  readonly from?: number | string | undefined;
  readonly to?: number | string | undefined;
  readonly hasFrom: boolean;
  readonly hasTo: boolean;
}

/**
 * Tells whether a value fits.
 *
 * @param condition What is asked for.
 * @param value The value, of the column's type.
 * @param limit How long patterns may take.
 * @throws {Error} When a text is too long for a pattern, or there is no time left.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const range = { kind: "range", from: 100, to: 500, hasFrom: true, hasTo: false } as const;
 * assertEquals([99, 100, 500].map((value) => fitsCell(range, value)), [false, true, false]);
 * ```
 */
export function fitsCell(
  condition: CellCondition,
  value: CellValue,
  limit?: TimeLimit,
): boolean {
  switch (condition.kind) {
    case "any":
      return true;
    case "value":
      return value === condition.value;
    case "range": {
      const { from, to, hasFrom, hasTo } = condition;
      return (from === undefined || value > from || (hasFrom && value === from)) &&
        (to === undefined || value < to || (hasTo && value === to));
    }
    case "prefix":
      return typeof value === "string" && value.startsWith(condition.prefix);
    case "digits": {
      const { from, to } = condition;
      return typeof value === "string" && value.length === from.length && value >= from &&
        value <= to && /^\d*$/.test(value);
    }
    case "pattern":
      limit?.step();
      return typeof value === "string" && condition.pattern.fits(value, limit);
    case "not":
      return !fitsCell(condition.condition, value, limit);
    case "or":
      return condition.conditions.some((one) => fitsCell(one, value, limit));
  }
}

/**
 * The texts of times from one day or time on, or up to one: all of the last day is in it.
 *
 * @param from The first; without it from the beginning of time.
 * @param to The last.
 * @param hasFrom Whether the first is in it.
 * @param hasTo Whether the last is.
 */
export function timeRange(
  from: string | undefined,
  to: string | undefined,
  { hasFrom = true, hasTo = true } = {},
): CellRange {
  // What is no time begins with no digit.
  const first = from === undefined ? "0" : hasFrom ? from : after(from);
  const end = to === undefined ? ":" : hasTo ? after(to) : to;
  return { kind: "range", from: first, to: end, hasFrom: true, hasTo: false };
}
