/** What the program sets itself, as ratios where that can be: those hold on other machines, too. */
import { ratioOfRounds } from "./approval/compare.ts";
import { FASTIFY_SQLITE, STOREHOOK, SYNCED } from "./approval/names.ts";
import { ORDERED } from "./forwarding/compare.ts";
import type { Results } from "./results.ts";

/** A goal and what came of it. */
export interface Goal {
  readonly text: string;
  readonly wanted: string;
  /** `NaN` where it could not be measured. */
  readonly found: number;
  readonly isMet: boolean;
}

/**
 * Judges what was measured.
 *
 * @param results What was measured.
 * @returns Every goal.
 */
export function judge(results: Results): readonly Goal[] {
  const { kept, paced, ingestion, forwarding, executables } = results;
  const rowOf = (name: string, connections: number) =>
    kept.rows.find((row) => row.name === name && row.connections === connections);
  const over = (connections: number) =>
    ratioOfRounds(rowOf(STOREHOOK, connections), rowOf(FASTIFY_SQLITE, connections));
  const lateOf = (name: string) => paced.rows.find((row) => row.name === name)?.p99Ms ?? NaN;
  const start = executables === undefined
    ? NaN
    : executables.storehook.startMs / executables.hello.startMs;
  const intake = ingestion.find(({ name }) => name === STOREHOOK)?.overKept ?? NaN;
  return [
    atLeast("requests a second on 1 connection, over Fastify with better-sqlite3", 1, over(1)),
    atLeast("the same on 32 connections", 3, over(32)),
    atLeast("the same on 128 connections", 3, over(128)),
    atMost(
      "p99 at half of Storehook's top load, over a server by hand that syncs a file",
      2,
      lateOf(STOREHOOK) / lateOf(SYNCED),
    ),
    atMost("most memory under load, MiB", 150, kept.peakMiB.get(STOREHOOK) ?? NaN),
    atMost("start to first answer, over a compiled hello-world", 2.5, start),
    atLeast("events a second, over Express with better-sqlite3", 1.5, intake),
    atLeast(
      "forwards a second in order, to a fast receiver",
      10_000,
      forwarding.find(({ name }) => name === ORDERED)?.perSecond ?? NaN,
    ),
  ];
}

function atLeast(text: string, wanted: number, found: number): Goal {
  return { text, wanted: `at least ${wanted}`, found, isMet: found >= wanted };
}

function atMost(text: string, wanted: number, found: number): Goal {
  return { text, wanted: `at most ${wanted}`, found, isMet: found <= wanted };
}
