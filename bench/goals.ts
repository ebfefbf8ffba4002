/** What the program sets itself, as ratios: those hold on other machines, too. */
import { ratioOfRounds } from "./approval/compare.ts";
import { FASTIFY, STOREHOOK, SYNCED } from "./approval/names.ts";
import type { Results } from "./results.ts";

/** A goal and what came of it. */
export interface Goal {
  readonly text: string;
  readonly wanted: string;
  readonly found: number;
  /** The same of the server by hand that syncs. */
  readonly synced: number;
  readonly isMet: boolean;
}

/** The load at which goals are judged. */
export const GOAL_CONNECTIONS = 32;

const THROUGHPUT: readonly (readonly [name: string, ratio: number])[] = [
  [FASTIFY, 1.0],
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
  const rates = THROUGHPUT.map(([name, ratio]): Goal => {
    const row = rowOf(name);
    const found = ratioOfRounds(rowOf(STOREHOOK), row);
    return {
      text: `throughput over that of ${name}`,
      wanted: `at least ${ratio.toFixed(1)}`,
      found,
      synced: ratioOfRounds(rowOf(SYNCED), row),
      isMet: found >= ratio,
    };
  });
  const latencies = paced.map(({ halfOf, rows }): Goal => {
    const lateOf = (name: string) => rows.find((row) => row.name === name)?.p99Ms ?? NaN;
    const found = lateOf(STOREHOOK) / lateOf(FASTIFY);
    return {
      text: `p99 at half of ${halfOf}'s top load over that of Fastify`,
      wanted: "at most 1.0",
      found,
      synced: lateOf(SYNCED) / lateOf(FASTIFY),
      isMet: found <= 1,
    };
  });
  return [...rates, ...latencies];
}
