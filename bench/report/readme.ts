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
    : ` With the journal in PostgreSQL it is ${
      ratios(postgres, names.STOREHOOK_PG, names.FASTIFY_PG, [1, 32, 128])
    } times that of Fastify with pg.`;
  return "With rules, checks, a log and a journal that is synced before each answer Storehook takes " +
    `order approvals at ${
      ratios(kept, names.STOREHOOK, names.FASTIFY_SQLITE, [1, 32, 128])
    } times ` +
    "the rate of Fastify with better-sqlite3, which keeps them too, on one connection, on 32 and on " +
    `128.${onPostgres} A Fastify that keeps nothing is the limit: of that it is ` +
    `${ratios(bare, names.STOREHOOK, names.FASTIFY, [1, 32])} times on one connection and on 32. ` +
    `It meets ${met} of ${goals.length} goals: [measured](docs/benchmarks.md).`;
}

/** How many times as much one does as another, on so many connections. */
function ratios(
  { rows }: Compared,
  one: string,
  other: string,
  connections: readonly number[],
): string {
  const all = connections.map((count) => {
    const of = (name: string) => rows.find((row) => row.name === name && row.connections === count);
    return figure(ratioOfRounds(of(one), of(other)));
  });
  return new Intl.ListFormat("en").format(all);
}
