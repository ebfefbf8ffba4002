/** A backtest: what a config would change in the answers to recorded deliveries. */
import type { DeliveryFilter } from "../../journal/delivery_filter.ts";
import type { Journal } from "../../journal/journal.ts";
import type { Difference } from "./compare.ts";
import { decideRange, type RangeResult, type Trial } from "./range.ts";
import { mergeTally, newTally, type Tally } from "./tally.ts";

/** A span of time, in milliseconds since the epoch. */
interface Span {
  readonly since: number;
  readonly until: number;
}

/** A thread that has the same config and the same journal open. */
export interface BacktestThread {
  /**
   * Decides a part of the journal again.
   *
   * @param filter Which deliveries.
   * @param most How many differences it gives back.
   * @throws {Error} When it can't.
   */
  decide(filter: DeliveryFilter, most: number): Promise<RangeResult>;
  end(): void;
}

/** What is tried, on which deliveries, and what is told on the way. */
export interface BacktestOptions extends Trial {
  readonly journal: Pick<Journal, "each" | "findExport" | "list" | "counts">;
  readonly filter: DeliveryFilter;
  /** How many differences are told; all are counted. */
  readonly most: number;
  /** Gets each delivery that would be decided otherwise, oldest first. */
  readonly onDifference: (difference: Difference) => void;
  /** Told how many are done, and of how many where that is known. */
  readonly onProgress?: (done: number, total?: number) => void;
  /** Ends it sooner: what was counted until then is given back. */
  readonly signal?: AbortSignal;
  /**
   * Starts threads, once there is work for them; without it all is done here.
   *
   * @param count How many.
   */
  readonly startThreads?: (count: number) => Promise<readonly BacktestThread[]>;
  /** How many accepted deliveries are worth threads: fewer are decided before one has begun. */
  readonly worthThreads?: number;
}

const WORTH_THREADS = 4000;
/** More threads wait for the disk, and each holds a config of its own. */
const MOST_THREADS = 8;
/** So many parts for each thread: none has long to do when the others are done. */
const PARTS = 64;

/**
 * Decides the accepted deliveries of a journal again by a config, and counts what differs.
 *
 * @param options What is tried, and on which deliveries. The journal is only read, nothing is sent
 * and no service is asked.
 * @returns The counts.
 */
export async function runBacktest(options: BacktestOptions): Promise<Tally> {
  const { journal, filter, startThreads, worthThreads = WORTH_THREADS } = options;
  const { accepted } = await journal.counts();
  const hasFilter = Object.keys(filter).length > 0;
  const total = hasFilter ? undefined : accepted;
  const span = startThreads !== undefined && accepted >= worthThreads
    ? await spanOf(journal, filter)
    : undefined;
  if (startThreads === undefined || span === undefined) return await runHere(options, total);
  const count = Math.min(MOST_THREADS, Math.max(1, navigator.hardwareConcurrency));
  // Without threads it takes longer, and that is all.
  const threads = await startThreads(count).catch(() => []);
  if (threads.length === 0) return await runHere(options, total);
  try {
    return await runInThreads(options, threads, partsOf(span, threads.length * PARTS), total);
  } finally {
    for (const thread of threads) thread.end();
  }
}

async function runHere(options: BacktestOptions, total: number | undefined): Promise<Tally> {
  const { filter, most, onDifference, onProgress, signal } = options;
  const { tally, differences } = await decideRange(options, {
    ...{ filter, most, signal },
    onProgress: (done) => onProgress?.(done, total),
  });
  differences.forEach(onDifference);
  return tally;
}

/** Each thread takes the next part when it is done with one; what they find is told in order. */
async function runInThreads(
  options: BacktestOptions,
  threads: readonly BacktestThread[],
  parts: readonly Span[],
  total: number | undefined,
): Promise<Tally> {
  const { filter, most, onDifference, onProgress, signal } = options;
  const tally = newTally();
  const waiting = new Map<number, readonly Difference[]>();
  let next = 0;
  let told = 0;
  let differences = 0;

  async function work(thread: BacktestThread): Promise<void> {
    for (;;) {
      const index = next++;
      const part = parts[index];
      if (part === undefined || signal?.aborted === true) return;
      // Those of earlier parts come first: so many of this one are never told.
      const range = { filter: { ...filter, ...part }, most: Math.max(0, most - differences) };
      // What a thread cannot do, for want of memory perhaps, is done here.
      const result = await thread.decide(range.filter, range.most)
        .catch(() => decideRange(options, { ...range, signal }));
      mergeTally(tally, result.tally);
      onProgress?.(tally.decided, total);
      waiting.set(index, result.differences);
      tellInOrder();
    }
  }

  function tellInOrder(): void {
    for (let ready = waiting.get(told); ready !== undefined; ready = waiting.get(told)) {
      for (const difference of ready.slice(0, Math.max(0, most - differences))) {
        differences++;
        onDifference(difference);
      }
      waiting.delete(told++);
    }
  }

  await Promise.all(threads.map(work));
  return tally;
}

/** From the oldest to the newest of those that are meant; `undefined` when there is none. */
async function spanOf(
  journal: BacktestOptions["journal"],
  filter: DeliveryFilter,
): Promise<Span | undefined> {
  const meant = { ...filter, verified: true };
  const { deliveries: [newest] } = await journal.list({ ...meant, limit: 1 });
  for await (const { receivedAt } of journal.each(meant)) {
    return newest === undefined
      ? undefined
      : { since: receivedAt, until: Math.max(receivedAt, newest.receivedAt) + 1 };
  }
  return undefined;
}

/**
 * Parts a span of time.
 *
 * @param span The span.
 * @param count Into how many parts, at most.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(partsOf({ since: 0, until: 5 }, 2), [
 *   { since: 0, until: 3 },
 *   { since: 3, until: 5 },
 * ]);
 * ```
 */
export function partsOf({ since, until }: Span, count: number): readonly Span[] {
  const step = Math.max(1, Math.ceil((until - since) / count));
  const parts: Span[] = [];
  for (let from = since; from < until; from += step) {
    parts.push({ since: from, until: Math.min(until, from + step) });
  }
  return parts;
}
