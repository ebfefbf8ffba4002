/** The paragraph of the README that quotes what was measured: ratios only. */
import { type Compared, ratioOfRounds } from "../approval/compare.ts";
import * as names from "../approval/names.ts";
import { judge } from "../goals.ts";
import type { Results } from "../results.ts";
import { figure } from "./table.ts";

/**
 * Writes it.
 *
 * @param results What was measured.
 */
export function readmePart(results: Results): string {
  const { kept, postgres, bare } = results;
  const goals = judge(results);
  const met = goals.filter(({ isMet }) => isMet).length;
  const onPostgres = postgres === undefined
    ? ""
    : `, with the journal in PostgreSQL ${
      ratios(postgres, names.STOREHOOK_PG, names.FASTIFY_PG)
    } that of Fastify with pg`;
  return "With rules, checks, a log and a journal that is synced before each answer Storehook takes " +
    `order approvals at ${ratios(kept, names.STOREHOOK, names.FASTIFY_SQLITE)} the rate of ` +
    `Fastify with better-sqlite3, which keeps them too${onPostgres}, and at ` +
    `${
      ratios(bare, names.STOREHOOK, names.FASTIFY)
    } that of a Fastify that keeps nothing. It meets ` +
    `${met} of ${goals.length} goals: [measured](docs/benchmarks.md).`;
}

/** How many times as much one does as another, on one connection, on 32 and on 128. */
function ratios({ rows }: Compared, one: string, other: string): string {
  const on = (connections: number) => {
    const of = (name: string) =>
      rows.find((row) => row.name === name && row.connections === connections);
    return figure(ratioOfRounds(of(one), of(other)));
  };
  return `${on(1)} times (a lone request), ${on(32)} and ${on(128)} times (32 and 128 connections)`;
}
