import type { JournalPlace } from "../../journal/configured.ts";
import type { DeliveryFilter } from "../../journal/delivery_filter.ts";
import type { RangeResult } from "../../trials/backtest/range.ts";
import type { BacktestThread } from "../../trials/backtest/run.ts";

/** Which config is tried on which journal. */
export interface ThreadTrial {
  /** The config's file. */
  readonly file: string;
  /** What is taken to stand in it; what does, unless given. */
  readonly text?: string;
  readonly journal: JournalPlace;
}

/** A part to be decided. */
export interface TrialPart {
  readonly filter: DeliveryFilter;
  readonly most: number;
}

/** What came of a part; nothing of the start. */
export type ToldByThread = { readonly result?: RangeResult } | { readonly error: string };

/**
 * Starts threads of a backtest, each of which has the config and the journal open by itself.
 *
 * @param trial Which config is tried on which journal.
 * @param count How many.
 * @returns The threads.
 * @throws {Error} When one cannot open them.
 */
export async function startBacktestThreads(
  trial: ThreadTrial,
  count: number,
): Promise<readonly BacktestThread[]> {
  const workers = Array.from(
    { length: count },
    () => new Worker(new URL("./backtest_thread.ts", import.meta.url), { type: "module" }),
  );
  const opened = await Promise.allSettled(workers.map((worker) => openThread(worker, trial)));
  const threads = opened.flatMap((one) => one.status === "fulfilled" ? one.value : []);
  const failed = opened.find((one) => one.status === "rejected");
  if (failed === undefined) return threads;
  for (const thread of threads) thread.end();
  for (const worker of workers) worker.terminate();
  throw failed.reason;
}

async function openThread(worker: Worker, trial: ThreadTrial): Promise<BacktestThread> {
  const { port1: port, port2: theirs } = new MessageChannel();
  let answered = Promise.withResolvers<ToldByThread>();
  port.onmessage = ({ data }: MessageEvent<ToldByThread>) => answered.resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    answered.resolve({ error: event.message });
  };

  /** One question at a time, to which one answer comes. */
  async function heard(): Promise<RangeResult | undefined> {
    const told = await answered.promise;
    if ("error" in told) throw new Error(told.error);
    return told.result;
  }

  worker.postMessage(trial, [theirs]);
  try {
    await heard();
  } catch (error) {
    port.close();
    throw error;
  }
  return {
    async decide(filter, most) {
      answered = Promise.withResolvers<ToldByThread>();
      port.postMessage({ filter, most } satisfies TrialPart);
      const result = await heard();
      if (result === undefined) throw new Error("Cannot decide again: a thread gave no result");
      return result;
    },
    end() {
      port.close();
      worker.terminate();
    },
  };
}
