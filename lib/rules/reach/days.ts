/** Sets of texts of which only those matter that are days, as `date()` gives them. */
import { type Span, valuesBetween, type ValueSet } from "./value_set.ts";

/** Before and behind all days, as cells with one end alone say it. */
const [FIRST, END] = ["0", ":"];

/** All days, among other texts. */
export const ALL_DAYS: ValueSet = valuesBetween(
  { from: FIRST, to: END, hasFrom: true, hasTo: false },
  "texts",
);

const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;

/**
 * Makes the runs of a set begin and end with days: it has the same days, and none where no day is in
 * it.
 *
 * @param set Of texts.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bothOf, isNone, valuesThat } from "./value_set.ts";
 *
 * const between = bothOf(valuesThat(">", "2026-01-31"), valuesThat("<", "2026-02-01"));
 * assertEquals([isNone(between), isNone(ofDays(between))], [false, true]);
 * ```
 */
export function ofDays(set: ValueSet): ValueSet {
  if (set.kind !== "texts") return set;
  const spans = set.spans.map(({ from, to, hasFrom, hasTo }): Span => ({
    ...(from === undefined ? { hasFrom: false } : { from: dayFrom(from, hasFrom), hasFrom: true }),
    ...(to === undefined ? {} : { to: dayFrom(to, !hasTo) }),
    hasTo: false,
  }));
  const isEmpty = ({ from, to }: Span) => from !== undefined && to !== undefined && from >= to;
  return { kind: "texts", spans: spans.filter((span) => !isEmpty(span)) };
}

/** Whether runs begin with the first day and end with the last, whatever is between them. */
export function isFromFirstToLastDay(spans: readonly Span[]): boolean {
  return spans[0]?.from === FIRST && spans.at(-1)?.to === END;
}

/** The first day from a text on, or behind it; the text itself where that cannot be told. */
function dayFrom(end: string | number, isWith: boolean): string {
  const text = String(end);
  const head = text.slice(0, "2026-12-24".length);
  if (isDay(head)) return isWith && head === text ? head : moved(head, 1);
  // What `after` made of a day: 2026-01-32 of 2026-01-31.
  const last = String.fromCharCode(head.charCodeAt(head.length - 1) - 1);
  const before = head.slice(0, -1) + last;
  return isDay(before) ? moved(before, 1) : text;
}

function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

function moved(day: string, days: number): string {
  const there = new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
  return DAY.test(there) ? there : days > 0 ? END : FIRST;
}

/**
 * Says which texts are between two, as a cell says it.
 *
 * @param from The first.
 * @param to The one behind the last.
 * @returns `undefined` where these are no days.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(daysInWords("2026-02-01", "2026-03-01"), "2026-02-01..2026-02-28");
 * assertEquals(daysInWords("2026-02-01", "2026-02-02"), "2026-02-01");
 * assertEquals(daysInWords("0", "2026-01-01"), "..2025-12-31");
 * assertEquals(daysInWords("2026-01-01", ":"), "2026-01-01..");
 * assertEquals(daysInWords("75", "76"), undefined);
 * ```
 */
export function daysInWords(from: string, to: string): string | undefined {
  const [first, end] = [dayFrom(from, true), dayFrom(to, true)];
  const isKnown = (text: string, open: string) => text === open || isDay(text);
  if (!isKnown(first, FIRST) || !isKnown(end, END)) return undefined;
  const last = end === END ? "" : moved(end, -1);
  const start = first === FIRST ? "" : first;
  if (start === "" && last === "") return undefined;
  return start === last ? start : `${start}..${last}`;
}
