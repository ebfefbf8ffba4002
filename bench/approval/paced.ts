/** Latency at a rate that every contender can keep: a busy server is late whatever it is made of. */
import type { Measured } from "../load/measure.ts";
import type { Effort } from "../effort.ts";
import { type Call, load, medianOf, type Row } from "./compare.ts";
import type { Contender } from "./peers.ts";

/** What a contender did at a given rate. */
export interface PacedRow extends Measured {
  readonly name: string;
}

/** As many senders as a large load has: each waits long before its next request. */
const CONNECTIONS = 128;

/** The rate: half of the most that one of them did. */
export function halfOfTopLoad(rows: readonly Row[], name: string): number {
  return Math.max(
    ...rows.filter((row) => row.name === name).map((row) => row.requestsPerSecond),
  ) / 2;
}

/**
 * Measures the contenders at the same rate, in turn, round by round.
 *
 * @param contenders Which.
 * @param call The webhook that is called.
 * @param requestsPerSecond The rate.
 * @param effort How much.
 */
export async function comparePaced(
  contenders: readonly Contender[],
  call: Call,
  requestsPerSecond: number,
  { rounds, seconds }: Effort,
): Promise<readonly PacedRow[]> {
  const pauseMs = CONNECTIONS / requestsPerSecond * 1000;
  const measured = contenders.map((contender) => ({ contender, all: new Array<Measured>() }));
  for (let round = 0; round < rounds; round++) {
    for (const { contender, all } of measured) {
      const cell = { call, connections: CONNECTIONS };
      all.push(await load(contender, cell, seconds, pauseMs));
    }
  }
  return measured.map(({ contender, all }) => ({ name: contender.name, ...medianOf(all) }));
}
