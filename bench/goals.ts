/** What the program sets itself, as ratios: those hold on other machines, too. */
import type { Results } from "./results.ts";

/** A goal and what came of it. */
export interface Goal {
  readonly text: string;
  readonly wanted: string;
  readonly found: number;
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
  const goals = THROUGHPUT.map(([name, ratio]): Goal => {
    const row = throughput.find((row) =>
      row.name === name && row.connections === GOAL_CONNECTIONS && row.call === first?.call
    );
    const found = row?.firstToThis ?? NaN;
    return {
      text: `throughput over that of ${name}`,
      wanted: `at least ${ratio.toFixed(1)}`,
      found,
      isMet: found >= ratio,
    };
  });
  const lateOf = (name: string) => paced.rows.find((row) => row.name === name)?.p99Ms ?? NaN;
  const late = lateOf("Storehook") / lateOf("Fastify");
  const latency = {
    text: "latency of the slowest of 100 at half of the top load, over that of Fastify",
    wanted: "at most 1.0",
    found: late,
    isMet: late <= 1,
  };
  return [...goals, latency];
}
