import type { PruneOptions, PruneResult } from "../journal.ts";
import type { Query } from "./connection.ts";
import { readJournalCounts } from "./counters.ts";
import { ROW_BYTES } from "./deliveries_writer.ts";
import { integerColumn, nullableColumn } from "../columns.ts";

const DAY_MS = 24 * 3_600_000;

/**
 * Counts what pruning would remove, a day at a time: what came on it is sorted by when it came.
 *
 * @param query Runs a statement.
 * @param options What may go.
 * @returns How much would go.
 */
export async function countPrunable(
  query: Query,
  { olderThanMs, maxBytes, now = Date.now() }: PruneOptions,
): Promise<PruneResult> {
  const before = olderThanMs === undefined ? Number.MIN_SAFE_INTEGER : now - olderThanMs;
  const gone = { deliveries: 0, events: 0, exportVersions: 0 };
  let excess = maxBytes === undefined ? 0 : (await readJournalCounts(query)).bytes - maxBytes;
  for (let from: number | null = Number.MIN_SAFE_INTEGER;;) {
    from = await firstSince(query, from);
    if (from === null || (from >= before && excess <= 0)) break;
    const until = from + DAY_MS;
    for (const row of await query(GOING, [before, excess, from, until])) {
      const name = PRUNED.find((each) => each === row["name"]);
      if (name !== undefined) gone[name] += integerColumn(row, "n");
      excess -= integerColumn(row, "bytes");
    }
    from = until;
  }
  return { ...gone, givenUp: {}, done: true };
}

const PRUNED = ["deliveries", "events", "exportVersions"] as const;

/** When the first came since a time, of all that may go. */
async function firstSince(query: Query, time: number): Promise<number | null> {
  const [row] = await query(
    `SELECT least(
       (SELECT min(received_at) FROM deliveries WHERE received_at >= $1),
       (SELECT min(received_at) FROM events WHERE waiting = 0 AND received_at >= $1),
       (SELECT min(saved_at) FROM export_versions WHERE saved_at >= $1)) AS at`,
    [time],
  );
  return row === undefined ? null : nullableColumn(row, "at", integerColumn);
}

const GOING = `
  SELECT name, count(*) AS n, sum(bytes)::bigint AS bytes FROM (
    SELECT name, at, bytes, sum(bytes) OVER (
      ORDER BY at, rank ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS gone
    FROM (
      SELECT 'events' AS name, 1 AS rank, received_at AS at,
        ${ROW_BYTES} + octet_length(payload) AS bytes FROM events WHERE waiting = 0
      UNION ALL SELECT 'deliveries', 2, received_at,
        ${ROW_BYTES} + octet_length(body) + octet_length(answer) FROM deliveries
      UNION ALL SELECT 'exportVersions', 3, saved_at,
        ${ROW_BYTES} + octet_length(list) FROM export_versions) AS every
    WHERE at >= $3 AND at < $4) AS ranked
  WHERE at < $1 OR coalesce(gone, 0) < $2
  GROUP BY name`;
