import type { Database, Query } from "./connection.ts";
import { Counting } from "./counters.ts";
import { ROW_BYTES } from "./deliveries_writer.ts";
import { LOCK_NOT_AVAILABLE, sqlState } from "./postgres_error.ts";
import { integerColumn } from "../columns.ts";
import { textOf } from "./rows.ts";

const DAY_MS = 24 * 3_600_000;
const WEEK_MS = 7 * DAY_MS;
/** Weeks that are made before they come. */
const AHEAD = 2;
/** A server that writes holds the tables for milliseconds; who takes a week away waits no longer. */
const LOCK_TIMEOUT_MS = 1000;

const NAME = /^deliveries_w(\d+)$/;

/**
 * Makes the tables of this week and the next ones. Where another instance does so at the same time,
 * one does.
 *
 * @param database The database.
 * @param now In milliseconds since the epoch.
 */
export async function makeWeeks(
  database: Pick<Database, "query" | "transaction">,
  now: number,
): Promise<void> {
  const first = weekOf(now);
  const known = new Set(await weeksOf(database.query));
  for (let week = first; week <= first + AHEAD; week++) {
    if (known.has(week)) continue;
    try {
      await database.transaction(async (query) => {
        await query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
        await query(
          `CREATE TABLE IF NOT EXISTS deliveries_w${week} PARTITION OF deliveries
           FOR VALUES FROM (${week * WEEK_MS}) TO (${(week + 1) * WEEK_MS})`,
        );
      });
    } catch (error) {
      // Another one makes it, or deliveries of that week stand elsewhere already, where they stay.
      if (sqlState(error) === undefined) throw error;
    }
  }
}

/** The week of a time in milliseconds since the epoch. */
export function weekOf(time: number): number {
  return Math.floor(time / WEEK_MS);
}

async function weeksOf(query: Query): Promise<readonly number[]> {
  const rows = await query(
    `SELECT c.relname AS name FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'deliveries'::regclass`,
  );
  return rows.flatMap((row) => {
    const [, week] = NAME.exec(textOf(row, "name")) ?? [];
    return week === undefined ? [] : [Number(week)];
  }).sort((a, b) => a - b);
}

/**
 * Removes the weeks that are over since before a time, each as a whole: no row is looked for. What
 * hangs on them (events that do not wait, versions of exports) is as old and goes by itself.
 *
 * @param database The database.
 * @param before In milliseconds since the epoch.
 * @returns How many deliveries went.
 */
export async function dropPastWeeks(database: Database, before: number): Promise<number> {
  let gone = 0;
  for (const week of await weeksOf(database.query)) {
    if ((week + 1) * WEEK_MS > before) break;
    try {
      gone += await database.transaction((query) => dropWeek(query, week));
    } catch (error) {
      // Somebody reads it for long: the next time.
      if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error;
      break;
    }
  }
  return gone;
}

async function dropWeek(query: Query, week: number): Promise<number> {
  await query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
  // However many it counts.
  await query("SET LOCAL statement_timeout = 0");
  const table = `deliveries_w${week}`;
  // Nothing comes to it from here on, and readers of it alone go on.
  await query(`LOCK TABLE ${table} IN SHARE MODE`);
  const [row] = await query(
    `SELECT count(*) FILTER (WHERE verified_by IS NOT NULL) AS accepted,
       count(*) FILTER (WHERE verified_by IS NULL) AS refused,
       coalesce(sum(${ROW_BYTES} + octet_length(body) + octet_length(answer)), 0)::bigint AS bytes
     FROM ${table}`,
  );
  const [accepted, refused] = [integerColumn(row, "accepted"), integerColumn(row, "refused")];
  await query(`ALTER TABLE deliveries DETACH PARTITION ${table}`);
  await query(`DROP TABLE ${table}`);
  const counting = new Counting();
  counting.add("deliveries", "accepted", -accepted);
  counting.add("deliveries", "refused", -refused);
  counting.add("bytes", "all", -integerColumn(row, "bytes"));
  await counting.write(query);
  return accepted + refused;
}
