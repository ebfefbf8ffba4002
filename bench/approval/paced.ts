/** Latency at a rate that every contender can keep: a busy server is late whatever it is made of. */
import type { Measured } from "../load/measure.ts";
import type { Effort } from "../effort.ts";
import { type Call, load, medianOf, type Row } from "./compare.ts";
import type { Contender } from "./peers.ts";

/** What a contender did at a given rate. */
interface PacedRow extends Measured {
  readonly name: string;
}

/** What contenders did at half of the most that one of them could do. */
export interface Paced {
  /** The name of that one. */
  readonly halfOf: string;
  readonly requestsPerSecond: number;
  readonly rows: readonly PacedRow[];
}

/** As many senders as a large load has: each waits long before its next request. */
const CONNECTIONS = 128;

/** The rate: half of the most that one of them did. */
function halfOfTopLoad(rows: readonly Row[], name: string): number {
  return Math.max(
    ...rows.filter((row) => row.name === name).map((row) => row.requestsPerSecond),
  ) / 2;
}

/**
 * Measures contenders at half of the top load of one of them, in turn, round by round.
 *
 * @param contenders Which.
 * @param call The webhook that is called.
 * @param top The name of that one, and what all of them did under full load.
 * @param effort How much.
 */
export async function comparePaced(
  contenders: readonly Contender[],
  call: Call,
  { halfOf, throughput }: { readonly halfOf: string; readonly throughput: readonly Row[] },
  { rounds, seconds }: Effort,
): Promise<Paced> {
  const requestsPerSecond = halfOfTopLoad(throughput, halfOf);
  const pauseMs = CONNECTIONS / requestsPerSecond * 1000;
  const measured = contenders.map((contender) => ({ contender, all: new Array<Measured>() }));
  for (let round = 0; round < rounds; round++) {
    for (const { contender, all } of measured) {
      const cell = { call, connections: CONNECTIONS };
      all.push(await load(contender, cell, seconds, pauseMs));
    }
  }
  const paced = measured.map(({ contender, all }) => ({ name: contender.name, ...medianOf(all) }));
  return { halfOf, requestsPerSecond, rows: paced };
}
