/** Searching a list that may be long, span by span of time, so that it can stop when its time is up. */
import { formatCursor, parseCursor, type TimeBehind } from "../../journal/delivery_filter.ts";
import { nextTurn } from "../../util/waiting.ts";

/** A part of what is sought: all of it lies within a span. */
export interface SoughtSpan {
  /** In milliseconds since the epoch. */
  readonly since: number;
  readonly limit: number;
  readonly cursor?: string;
}

/** What is looked through, newest first. */
export interface SpanSearch<Row> {
  /** Finds what is sought within a span; `next` continues within it. */
  readonly find: (span: SoughtSpan) => Promise<{
    readonly rows: readonly Row[];
    readonly next: string | null;
  }>;
  /** Tells when all that came did, whatever it is: how much there is to look through. */
  readonly timeBehind: TimeBehind;
  /** Nothing before that is sought, and nothing from then on. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Stops after about this time with what was found, and a cursor to go on; never unless given. */
  readonly budgetMs?: number | undefined;
  /** No more than about so many are looked through at once, however densely they came. */
  readonly mostRows?: number | undefined;
}

/** What was found so. */
export interface FoundBySpan<Row> {
  readonly rows: readonly Row[];
  /** Continues the search; `null` behind its end. */
  readonly next: string | null;
  /** Back to when it was looked, where the time was up; `null` where a page is full or all is seen. */
  readonly lookedBackTo: number | null;
}

/** At first so much is looked through at once; then as much as takes about so long. */
const FIRST_SPAN_MS = 60_000;
const LEAST_SPAN_MS = 1000;
const MOST_SPAN_MS = 366 * 86_400_000;
const FIRST_ROWS = 100;
/** Little: what comes next may have to be read from the disk first, which takes far longer. */
const STEP_MS = 15;

/** Before every id there is: of that time nothing is left then. */
const BEFORE_IDS = "0";

/**
 * Searches span by span, newest first.
 *
 * @param search What, and how long.
 * @returns What was found.
 * @throws {SyntaxError} When the cursor is not one.
 */
export async function searchBySpan<Row>(search: SpanSearch<Row>): Promise<FoundBySpan<Row>> {
  const { find, timeBehind, since, until, limit, cursor, budgetMs = Infinity, mostRows } = search;
  const deadline = performance.now() + budgetMs;
  const rows: Row[] = [];
  if (cursor !== undefined) parseCursor(cursor);
  let after = cursor;
  let spanMs = FIRST_SPAN_MS;
  let rowsAtOnce = FIRST_ROWS;
  const behind = (count: number) =>
    timeBehind(count, {
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
      ...(after === undefined ? {} : { cursor: after }),
    });
  for (;;) {
    const startedAt = performance.now();
    const top = await behind(0);
    if (top === undefined) return { rows, next: null, lookedBackTo: null };
    const edge = mostRows === undefined ? undefined : await behind(Math.min(rowsAtOnce, mostRows));
    // A cursor is made of it.
    const low = Math.max(Math.floor(top - spanMs), edge ?? 0, since ?? 0, 0);
    const page = await find({
      since: low,
      limit: limit - rows.length,
      ...(after === undefined ? {} : { cursor: after }),
    });
    rows.push(...page.rows);
    after = page.next ?? formatCursor({ receivedAt: low, id: BEFORE_IDS });
    if (rows.length >= limit) {
      const isLast = page.next === null && await behind(0) === undefined;
      return { rows, next: isLast ? null : after, lookedBackTo: null };
    }
    if (performance.now() > deadline) return { rows, next: after, lookedBackTo: low };
    const tookMs = performance.now() - startedAt;
    // Others read in this thread, too.
    await nextTurn();
    const factor = tookMs < STEP_MS ? 2 : tookMs > 2 * STEP_MS ? STEP_MS / tookMs : 1;
    spanMs = Math.min(Math.max(spanMs * factor, LEAST_SPAN_MS), MOST_SPAN_MS);
    rowsAtOnce = Math.max(Math.floor(rowsAtOnce * factor), FIRST_ROWS);
  }
}
