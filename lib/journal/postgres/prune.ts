import type { PruneOptions, PruneResult } from "../journal.ts";
import type { Database, Query } from "./connection.ts";
import { forgetAudit } from "./console.ts";
import { Counting, readJournalCounts, readWaitingBytes } from "./counters.ts";
import { ROW_BYTES } from "./deliveries_writer.ts";
import { holdForwards } from "./forward_places.ts";
import { removeEvents } from "./event_removal.ts";
import { concludeAttempts } from "./outbox.ts";
import { countPrunable } from "./prunable.ts";
import type { createWeekKeeper } from "./weeks.ts";
import { integerColumn } from "../columns.ts";
import { type PostgresRow, storedText, textOf } from "./rows.ts";

/** Rows that go in one transaction. */
const AT_ONCE = 200;
/** Names by which transactions wait for each other go when nobody used them for so long. */
const NAMES_KEPT_MS = 14 * 24 * 3_600_000;

/** What pruning works with. */
export interface Pruning {
  readonly database: Database;
  readonly keepWeeks: ReturnType<typeof createWeekKeeper>;
  /** How long the rule for repeats knows events. */
  readonly repeatWindowMs: number;
}

/**
 * Removes what is too old or too much. What is old goes week by week, as whole tables; what is left
 * of it, in small transactions.
 *
 * @param pruning What it works with.
 * @param options What may go.
 * @returns What went.
 */
export async function pruneDatabase(
  { database, keepWeeks, repeatWindowMs }: Pruning,
  options: PruneOptions,
): Promise<PruneResult> {
  if (options.dryRun === true) return await countPrunable(database.query, options);
  const { olderThanMs, now = Date.now(), budgetMs } = options;
  const end = performance.now() + budgetMs;
  const gone = { deliveries: 0, events: 0, exportVersions: 0 };
  const givenUp: Record<string, number> = {};
  gone.deliveries += await keepWeeks(
    now,
    olderThanMs === undefined ? undefined : now - olderThanMs,
  );
  const before = now - (olderThanMs ?? Infinity);
  let done = false;
  do {
    done = await database.transaction(async (query) => {
      const counting = new Counting();
      const step = await pruneStep(query, counting, { ...options, before, now });
      await counting.write(query);
      gone.deliveries += step.deliveries;
      gone.events += step.events;
      gone.exportVersions += step.exportVersions;
      for (const [name, count] of Object.entries(step.givenUp)) {
        givenUp[name] = (givenUp[name] ?? 0) + count;
      }
      return step.done;
    });
  } while (!done && performance.now() < end);
  if (done) {
    await forgetAudit(database.query, before);
    await forgetNames(database.query, now, repeatWindowMs);
  }
  return { ...gone, givenUp, done };
}

interface Limits extends PruneOptions {
  readonly before: number;
  readonly now: number;
}

async function pruneStep(query: Query, counting: Counting, limits: Limits): Promise<PruneResult> {
  const { maxWaitingBytes, maxBytes = Infinity, before } = limits;
  const givenUp: Record<string, number> = {};
  if (maxWaitingBytes !== undefined) {
    for (const [destination, bytes] of await readWaitingBytes(query)) {
      if (bytes <= maxWaitingBytes) continue;
      const reason = `given up: what waits here takes more than ${maxWaitingBytes} bytes, ` +
        "see journal.maxWaitingBytes";
      const count = await giveUp(query, counting, limits.now, {
        destination,
        excess: bytes - maxWaitingBytes,
        reason,
      });
      givenUp[destination] = count;
    }
  }
  const excess = maxBytes === Infinity ? 0 : (await readJournalCounts(query)).bytes - maxBytes;
  const oldest = await oldestOf(query);
  const going = chooseGoing(oldest, before, excess);
  const gone = await removeRows(query, counting, going);
  const left = oldest.length - going.length;
  let done = going.length < AT_ONCE && left > 0 || oldest.length === 0;
  if (oldest.length === 0 && excess > 0 && maxWaitingBytes !== undefined) {
    // All that is left waits. It is what fills the disk then.
    const [largest] = [...await readWaitingBytes(query)].sort(([, a], [, b]) => b - a);
    if (largest !== undefined) {
      const reason =
        `given up: the journal takes more than ${maxBytes} bytes, see journal.maxBytes`;
      const [destination] = largest;
      const count = await giveUp(query, counting, limits.now, { destination, excess: 1, reason });
      givenUp[destination] = (givenUp[destination] ?? 0) + count;
      done = count === 0;
    }
  }
  return { ...gone, givenUp, done };
}

/** Something that may go, by when it came. */
interface Old {
  readonly table: "events" | "deliveries" | "export_versions";
  readonly at: number;
  readonly bytes: number;
  readonly row: PostgresRow;
}

/** The oldest that may go, of all tables, in one order. */
async function oldestOf(query: Query): Promise<readonly Old[]> {
  const lists = await Promise.all(OLDEST.map(async ({ table, sql }) => {
    const rows = await query(`${sql} LIMIT ${AT_ONCE}`);
    return rows.map((row): Old => ({
      table,
      at: integerColumn(row, "at"),
      bytes: ROW_BYTES + integerColumn(row, "bytes"),
      row,
    }));
  }));
  // Of what came at one time, events go before their delivery: the sort keeps that order.
  return lists.flat().sort((a, b) => a.at - b.at).slice(0, AT_ONCE);
}

const OLDEST: readonly { readonly table: Old["table"]; readonly sql: string }[] = [
  {
    table: "events",
    sql: `SELECT seq, received_at AS at, octet_length(payload) AS bytes
      FROM events WHERE waiting = 0 ORDER BY received_at`,
  },
  {
    table: "deliveries",
    sql: `SELECT received_at AS at, id, octet_length(body) + octet_length(answer) AS bytes
      FROM deliveries ORDER BY received_at, id`,
  },
  {
    table: "export_versions",
    sql: `SELECT token, version, saved_at AS at, octet_length(list) AS bytes
      FROM export_versions ORDER BY saved_at`,
  },
];

function chooseGoing(oldest: readonly Old[], before: number, excess: number): readonly Old[] {
  let freed = 0;
  return oldest.filter(({ at, bytes }) => {
    if (at >= before && freed >= excess) return false;
    freed += bytes;
    return true;
  });
}

/** Another instance may remove the same at the same time: what is counted is what was there still. */
async function removeRows(query: Query, counting: Counting, going: readonly Old[]) {
  const of = (table: Old["table"]) => going.filter((one) => one.table === table);
  const events = of("events");
  const removed = events.length === 0 ? [] : await removeEvents(query, counting, {
    condition: "seq = ANY ($1::bigint[]) AND waiting = 0",
    value: events.map(({ row }) => row["seq"]),
  });
  const deliveries = of("deliveries");
  const removedDeliveries = deliveries.length === 0 ? [] : await query(
    `DELETE FROM deliveries WHERE (received_at, id) IN (
       SELECT * FROM unnest($1::bigint[], $2::text[]))
     RETURNING verified_by IS NULL AS refused, octet_length(body) + octet_length(answer) AS bytes`,
    [deliveries.map(({ at }) => at), deliveries.map(({ row }) => row["id"])],
  );
  for (const row of removedDeliveries) {
    counting.add("deliveries", row["refused"] === true ? "refused" : "accepted", -1);
  }
  const versions = of("export_versions");
  const removedVersions = versions.length === 0 ? [] : await query(
    `DELETE FROM export_versions WHERE (token, version) IN (
       SELECT * FROM unnest($1::text[], $2::int[]))
     RETURNING octet_length(list) AS bytes`,
    [versions.map(({ row }) => row["token"]), versions.map(({ row }) => row["version"])],
  );
  for (const row of [...removedDeliveries, ...removedVersions]) {
    counting.add("bytes", "all", -ROW_BYTES - integerColumn(row, "bytes"));
  }
  return {
    deliveries: removedDeliveries.length,
    events: removed.length,
    exportVersions: removedVersions.length,
  };
}

interface GivingUp {
  readonly destination: string;
  /** How many bytes are too many. */
  readonly excess: number;
  readonly reason: string;
}

/** Gives up the oldest that wait for a destination until no byte is too many. */
async function giveUp(
  query: Query,
  counting: Counting,
  now: number,
  { destination, excess, reason }: GivingUp,
): Promise<number> {
  const rows = await query(
    `SELECT id, bytes FROM forwards WHERE destination = $1 AND state = 'waiting'
     ORDER BY created_at, seq LIMIT ${AT_ONCE}`,
    [storedText(destination)],
  );
  const ids: string[] = [];
  let freed = 0;
  for (const row of rows) {
    if (freed >= excess) break;
    freed += integerColumn(row, "bytes");
    ids.push(textOf(row, "id"));
  }
  const change = { query, counting, now };
  const attempt = { startedAt: now, durationMs: 0, status: null, error: reason };
  const places = (await holdForwards(change, ids)).filter(({ state }) => state === "waiting");
  await concludeAttempts(
    change,
    places.map((place) => ({ place, attempt, outcome: { state: "failed" } })),
  );
  return places.length;
}

/** What no retry can reach is forgotten, and names that nobody waits by. */
async function forgetNames(query: Query, now: number, repeatWindowMs: number): Promise<void> {
  const forget = async (sql: string, before: number) => await query(sql, [before]);
  await forget(
    `DELETE FROM recent_events WHERE seq IN (
       SELECT seq FROM recent_events WHERE received_at < $1 ORDER BY received_at LIMIT 5000)`,
    now - repeatWindowMs,
  );
  await forget(
    `DELETE FROM event_names WHERE (endpoint_digest, name) IN (
       SELECT endpoint_digest, name FROM event_names WHERE seen_at < $1
       ORDER BY seen_at LIMIT 5000 FOR UPDATE SKIP LOCKED)`,
    now - Math.max(repeatWindowMs, NAMES_KEPT_MS),
  );
  await forget(
    `DELETE FROM forward_subjects WHERE (destination, subject_key) IN (
       SELECT destination, subject_key FROM forward_subjects WHERE used_at < $1
       ORDER BY used_at LIMIT 5000 FOR UPDATE SKIP LOCKED)`,
    now - NAMES_KEPT_MS,
  );
}
