/** What the program sets itself, as ratios: those hold on other machines, too. */
import { SYNCED } from "./approval/peers.ts";
import type { Results } from "./results.ts";

/** A goal and what came of it. */
export interface Goal {
  readonly text: string;
  readonly wanted: string;
  readonly found: number;
  /** What the server came to that does nothing but what it must, and syncs. */
  readonly least: number;
  readonly isMet: boolean;
}

/** The load at which goals are judged. */
export const GOAL_CONNECTIONS = 32;

const THROUGHPUT: readonly (readonly [name: string, ratio: number])[] = [
  ["Fastify", 1.0],
  ["Express", 2.2],
  ["Deno.serve by hand", 0.8],
];

/**
 * Judges what was measured.
 *
 * @param results What was measured.
 * @returns Every goal.
 */
export function judge({ throughput, paced }: Results): readonly Goal[] {
  const [first] = throughput;
  const rowOf = (name: string) =>
    throughput.find((row) =>
      row.name === name && row.connections === GOAL_CONNECTIONS && row.call === first?.call
    );
  const synced = rowOf(SYNCED)?.requestsPerSecond ?? NaN;
  const rates = THROUGHPUT.map(([name, ratio]): Goal => {
    const row = rowOf(name);
    const found = row?.firstToThis ?? NaN;
    return {
      text: `throughput over that of ${name}`,
      wanted: `at least ${ratio.toFixed(1)}`,
      found,
      least: synced / (row?.requestsPerSecond ?? NaN),
      isMet: found >= ratio,
    };
  });
  const latencies = paced.map(({ halfOf, rows }): Goal => {
    const lateOf = (name: string) => rows.find((row) => row.name === name)?.p99Ms ?? NaN;
    const found = lateOf("Storehook") / lateOf("Fastify");
    return {
      text: `p99 at half of ${halfOf}'s top load over that of Fastify`,
      wanted: "at most 1.0",
      found,
      least: lateOf(SYNCED) / lateOf("Fastify"),
      isMet: found <= 1,
    };
  });
  return [...rates, ...latencies];
}
