/** Latency at a rate that every contender can keep: a busy server is late whatever it is made of. */
import { compareThroughput, type Loads, type Row } from "./compare.ts";
import type { Contender } from "./contender.ts";

/** What contenders did at half of the most that the program could do. */
export interface Paced {
  readonly requestsPerSecond: number;
  readonly rows: readonly Row[];
}

/** As many senders as a large load has: each waits long before its next request. */
const CONNECTIONS = 128;

/**
 * Measures contenders at half of the top load of one of them, in turn, round by round.
 *
 * @param contenders Which.
 * @param top What that one did under full load.
 * @param loads How they are loaded.
 */
export async function comparePaced(
  contenders: readonly Contender[],
  top: readonly Row[],
  loads: Omit<Loads, "connections" | "pauseMs">,
): Promise<Paced> {
  const requestsPerSecond = Math.max(...top.map((row) => row.requestsPerSecond)) / 2;
  const pauseMs = CONNECTIONS / requestsPerSecond * 1000;
  const rows = await compareThroughput(contenders, {
    ...loads,
    connections: [CONNECTIONS],
    pauseMs,
  });
  return { requestsPerSecond, rows };
}
