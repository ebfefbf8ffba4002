/** The server with an empty journal and with a full one. */
import { join } from "@std/path";
import type { Effort } from "../effort.ts";
import { writeDifferentOrders } from "../load/different_orders.ts";
import { type Measured, measureLoad } from "../load/measure.ts";
import { median } from "../process.ts";
import { journalIn, type Server, startStorehook } from "../storehook.ts";
import { fillJournal } from "./fill_journal.ts";

const CONNECTIONS = 32;

/** What a full journal costs. */
export interface JournalGrowth {
  readonly deliveries: number;
  /** The throughput of the full one over that of the empty one. */
  readonly throughput: number;
  /** The processors' time of a request with the full one over that with the empty one. */
  readonly cpu: number;
  /** From the start of the process until it listens. */
  readonly startMs: { readonly empty: number; readonly full: number };
}

/**
 * Measures what a full journal costs.
 *
 * @param folder Where files go.
 * @param effort How much.
 */
export async function growJournal(folder: string, effort: Effort): Promise<JournalGrowth> {
  const orders = (await writeDifferentOrders(folder))();
  const load = ({ pid, url }: Server, seconds: number) =>
    measureLoad(pid, {
      ...orders,
      url: `${url}/ustore/order-approval`,
      connections: CONNECTIONS,
      seconds,
    });
  const full = join(folder, "full");
  await fillJournal(journalIn(full), effort.deliveries);
  const empty = join(folder, "empty");

  // The first start makes the empty one.
  await startTime(empty);
  const starts: (readonly [empty: number, full: number])[] = [];
  for (let round = 0; round < effort.rounds; round++) {
    starts.push([await startTime(empty), await startTime(full)]);
  }
  await using emptyServer = await startStorehook({ folder: empty });
  await using fullServer = await startStorehook({ folder: full });
  const rounds: (readonly [empty: Measured, full: Measured])[] = [];
  for (const server of [emptyServer, fullServer]) await load(server, effort.warmUpSeconds);
  for (let round = 0; round < effort.rounds; round++) {
    rounds.push([await load(emptyServer, effort.seconds), await load(fullServer, effort.seconds)]);
  }
  const ratio = (figure: keyof Measured) =>
    median(rounds.map(([before, after]) => after[figure] / before[figure]));
  return {
    deliveries: effort.deliveries,
    throughput: ratio("requestsPerSecond"),
    cpu: ratio("cpuMicros"),
    startMs: {
      empty: median(starts.map(([before]) => before)),
      full: median(starts.map(([, after]) => after)),
    },
  };
}

async function startTime(folder: string): Promise<number> {
  const startedAt = performance.now();
  await using _server = await startStorehook({ folder });
  return performance.now() - startedAt;
}
