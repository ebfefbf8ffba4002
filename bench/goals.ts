/** What the program sets itself, as ratios where that can be: those hold on other machines, too. */
import { type Compared, ratioOfRounds } from "./approval/compare.ts";
import * as names from "./approval/names.ts";
import { BARE_FETCH, ORDERED } from "./forwarding/compare.ts";
import type { Results } from "./results.ts";

/** A goal and what came of it. */
export interface Goal {
  readonly text: string;
  readonly wanted: string;
  /** `NaN` where it could not be measured. */
  readonly found: number;
  /** What the least reaches on this machine that does the same by hand; absent where none was made. */
  readonly byHand?: number;
  readonly isMet: boolean;
}

/**
 * Judges what was measured.
 *
 * @param results What was measured.
 * @returns Every goal.
 */
export function judge(results: Results): readonly Goal[] {
  const { kept, postgres, paced, ingestion, forwarding, executables } = results;
  const over = (of: Compared | undefined, name: string, peer: string, connections: number) => {
    const rowOf = (sought: string) =>
      of?.rows.find((row) => row.name === sought && row.connections === connections);
    return ratioOfRounds(rowOf(name), rowOf(peer));
  };
  const overFastify = (name: string, connections: number) =>
    over(kept, name, names.FASTIFY_SQLITE, connections);
  const lateOf = (name: string) => paced.rows.find((row) => row.name === name)?.p99Ms ?? NaN;
  const start = (what: "storehook" | "parts") =>
    executables === undefined ? NaN : executables[what].startMs / executables.hello.startMs;
  const rateOf = (sought: string) =>
    forwarding.find(({ name }) => name === sought)?.perSecond ?? NaN;
  return [
    atLeast(
      "requests a second on 1 connection, over Fastify with better-sqlite3",
      1,
      overFastify(names.STOREHOOK, 1),
      overFastify(names.BARE_SQLITE, 1),
    ),
    ...[32, 128].map((connections) =>
      atLeast(
        `the same on ${connections} connections`,
        3,
        overFastify(names.STOREHOOK, connections),
        overFastify(names.BARE_SQLITE_TOGETHER, connections),
      )
    ),
    atLeast(
      "on PostgreSQL and 32 connections, over Fastify with pg",
      2,
      over(postgres, names.STOREHOOK_PG, names.FASTIFY_PG, 32),
      over(postgres, names.BARE_PG_TOGETHER, names.FASTIFY_PG, 32),
    ),
    atMost(
      "p99 at half of Storehook's top load, over a server by hand that syncs a file",
      2,
      lateOf(names.STOREHOOK) / lateOf(names.SYNCED),
    ),
    // What is shipped; from the sources the runtime has those in memory, too.
    atMost(
      "most memory of the executable under load, MiB",
      150,
      executables?.peakMiB.storehook ?? NaN,
      executables?.peakMiB.parts,
    ),
    atMost(
      "start to first answer, over a compiled hello-world",
      2.5,
      start("storehook"),
      start("parts"),
    ),
    atLeast(
      "events a second, over Express with better-sqlite3",
      1.5,
      ingestion.find(({ name }) => name === names.STOREHOOK)?.overKept ?? NaN,
    ),
    atLeast(
      "forwards a second in order, to a fast receiver",
      10_000,
      rateOf(ORDERED),
      rateOf(BARE_FETCH),
    ),
  ];
}

function atLeast(text: string, wanted: number, found: number, byHand?: number): Goal {
  return goal(text, `at least ${wanted}`, found, found >= wanted, byHand);
}

function atMost(text: string, wanted: number, found: number, byHand?: number): Goal {
  return goal(text, `at most ${wanted}`, found, found <= wanted, byHand);
}

function goal(
  text: string,
  wanted: string,
  found: number,
  isMet: boolean,
  byHand: number | undefined,
): Goal {
  return { text, wanted, found, isMet, ...(byHand === undefined ? {} : { byHand }) };
}
