import type { DatabaseSync } from "node:sqlite";
import type { PruneOptions, PruneResult } from "../../journal.ts";
import { integer, text } from "../columns.ts";

/** What a row takes beside its contents, in its table and in the indexes, roughly. */
const ROW_BYTES = 600;

/**
 * All that may go, the oldest first, with what went before each; a window over all of it, so that a
 * person who asks waits for one look through the rows, but none of what they hold is read.
 */
const PRUNABLE = `
  SELECT name, count(*) AS n FROM (
    SELECT name, at, sum(bytes) OVER (
      ORDER BY at, rank ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS gone
    FROM (
      SELECT 'events' AS name, 1 AS rank, received_at AS at,
        ${ROW_BYTES} + length(payload) AS bytes FROM events WHERE waiting = 0
      UNION ALL SELECT 'deliveries', 2, received_at,
        ${ROW_BYTES} + length(body) + length(answer) FROM deliveries
      UNION ALL SELECT 'exportVersions', 3, saved_at,
        ${ROW_BYTES} + length(list) FROM export_versions))
  WHERE at < ? OR coalesce(gone, 0) < ?
  GROUP BY name`;

/**
 * Counts what would be removed. Beyond the age it is about so: how many pages a row takes is not
 * known before it goes.
 *
 * @param database An open database.
 * @param options What may go.
 * @returns What would go.
 */
export function countPrunable(
  database: DatabaseSync,
  { olderThanMs = Infinity, maxBytes = Infinity, now = Date.now() }: PruneOptions,
): PruneResult {
  const before = Number.isFinite(olderThanMs) ? now - olderThanMs : Number.MIN_SAFE_INTEGER;
  const excess = Number.isFinite(maxBytes) ? usedBytes(database)() - maxBytes : 0;
  const rows = database.prepare(PRUNABLE).all(before, excess);
  const counts = new Map(rows.map((row) => [text(row, "name"), integer(row, "n")]));
  return {
    deliveries: counts.get("deliveries") ?? 0,
    events: counts.get("events") ?? 0,
    exportVersions: counts.get("exportVersions") ?? 0,
    givenUp: {},
    done: true,
  };
}

/**
 * Prepares to tell what a journal takes, without what is free in its file.
 *
 * @param database An open database.
 * @returns What tells it, in bytes.
 */
export function usedBytes(database: DatabaseSync): () => number {
  const statement = database.prepare(`
    SELECT (page_count - freelist_count) * page_size AS bytes
    FROM pragma_page_count, pragma_freelist_count, pragma_page_size`);
  return () => integer(statement.get(), "bytes");
}
