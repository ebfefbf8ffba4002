/** Searching a list that may be long, span by span of time, so that it can stop when its time is up. */
import { formatCursor, parseCursor } from "../../journal/delivery_filter.ts";
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
  /** When the newest of all behind a cursor came, whatever it is; `undefined` where that is the end. */
  readonly newestBehind: (cursor: string | undefined) => Promise<number | undefined>;
  /** Nothing before that is sought. */
  readonly since?: number | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Stops after about this time with what was found, and a cursor to go on; never unless given. */
  readonly budgetMs?: number | undefined;
  /** No more than what came in so long is looked through at once. */
  readonly mostSpanMs?: number | undefined;
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
  const { find, newestBehind, since = -Infinity, limit, cursor, budgetMs = Infinity } = search;
  const mostSpanMs = Math.min(search.mostSpanMs ?? MOST_SPAN_MS, MOST_SPAN_MS);
  const deadline = performance.now() + budgetMs;
  const rows: Row[] = [];
  if (cursor !== undefined) parseCursor(cursor);
  let after = cursor;
  let spanMs = Math.min(FIRST_SPAN_MS, mostSpanMs);
  for (;;) {
    const top = await newestBehind(after);
    if (top === undefined) return { rows, next: null, lookedBackTo: null };
    // A cursor is made of it.
    const low = Math.max(Math.floor(top - spanMs), since, 0);
    const startedAt = performance.now();
    const page = await find({
      since: low,
      limit: limit - rows.length,
      ...(after === undefined ? {} : { cursor: after }),
    });
    rows.push(...page.rows);
    after = page.next ?? formatCursor({ receivedAt: low, id: BEFORE_IDS });
    if (rows.length >= limit) {
      const isLast = page.next === null && await newestBehind(after) === undefined;
      return { rows, next: isLast ? null : after, lookedBackTo: null };
    }
    if (performance.now() > deadline) return { rows, next: after, lookedBackTo: low };
    const tookMs = performance.now() - startedAt;
    // Others read in this thread, too.
    await nextTurn();
    if (tookMs < STEP_MS) spanMs = Math.min(spanMs * 2, mostSpanMs);
    else if (tookMs > 2 * STEP_MS) spanMs = Math.max(spanMs * STEP_MS / tookMs, LEAST_SPAN_MS);
  }
}
