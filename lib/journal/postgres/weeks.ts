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
/** Who writes holds the tables for milliseconds; whoever comes later waits behind this for so long. */
const LOCK_TIMEOUT_MS = 300;
/** Who reads for long, as pg_dump does, is asked no more for so long: each time, others wait. */
const PEACE_MS = 60_000;

/** However many a week counts. */
const COUNTING_MS = 3_600_000;

const NAME = /^deliveries_w(\d+)$/;

/**
 * Makes the tables of this week and the next ones. Where another instance does so at the same time,
 * one does.
 *
 * @param database The database.
 * @param now In milliseconds since the epoch.
 * @returns Whether all of them are there.
 */
export async function makeWeeks(
  database: Pick<Database, "query" | "transaction">,
  now: number,
): Promise<boolean> {
  let isWhole = true;
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
      isWhole = false;
    }
  }
  return isWhole;
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
 * Makes what keeps the tables of weeks beside those who use them.
 *
 * @param database The database.
 * @returns What makes the next weeks, and takes away those that are over since before a time, if one
 * is given; it says how many deliveries went. What could not be done now is tried again later.
 */
export function createWeekKeeper(
  database: Pick<Database, "query" | "transaction">,
): (now: number, before?: number) => Promise<number> {
  let againAt = -Infinity;

  return async (now, before) => {
    if (performance.now() < againAt) return 0;
    const isMade = await makeWeeks(database, now);
    const { gone, isWhole } = before === undefined
      ? { gone: 0, isWhole: true }
      : await dropPastWeeks(database, before);
    if (!isMade || !isWhole) againAt = performance.now() + PEACE_MS;
    return gone;
  };
}

/**
 * Removes the weeks that are over since before a time, each as a whole: no row is looked for. What
 * hangs on them (events that do not wait, versions of exports) is as old and goes by itself.
 */
async function dropPastWeeks(
  database: Pick<Database, "query" | "transaction">,
  before: number,
): Promise<{ readonly gone: number; readonly isWhole: boolean }> {
  let gone = 0;
  for (const week of await weeksOf(database.query)) {
    if ((week + 1) * WEEK_MS > before) break;
    try {
      gone += await database.transaction((query) => dropWeek(query, week));
    } catch (error) {
      // Somebody reads it for long: the next time.
      if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error;
      return { gone, isWhole: false };
    }
  }
  return { gone, isWhole: true };
}

async function dropWeek(query: Query, week: number): Promise<number> {
  await query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
  await query(`SET LOCAL statement_timeout = ${COUNTING_MS}`);
  const table = `deliveries_w${week}`;
  // One instance at a time, which keeps nobody else from anything: two that hold a week and wait for
  // the rest would have all others wait until one of them gives up.
  await query("LOCK TABLE ONLY deliveries IN SHARE UPDATE EXCLUSIVE MODE");
  const [found] = await query("SELECT to_regclass($1) IS NOT NULL AS is_there", [table]);
  if (found?.["is_there"] !== true) return 0;
  // Nothing comes to it from here on, and readers of it alone go on.
  await query(`LOCK TABLE ${table} IN SHARE MODE`);
  const [row] = await query(
    `SELECT count(*) FILTER (WHERE verified_by IS NOT NULL) AS accepted,
       count(*) FILTER (WHERE verified_by IS NULL) AS refused,
       coalesce(sum(${ROW_BYTES} + octet_length(body) + octet_length(answer)), 0)::bigint AS bytes
     FROM ${table}`,
    [],
    COUNTING_MS,
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
