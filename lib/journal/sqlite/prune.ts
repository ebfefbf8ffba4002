import type { DatabaseSync } from "node:sqlite";
import type { PruneOptions, PruneResult } from "../journal.ts";
import type { ConnectionHolder } from "./connection_holder.ts";
import { LISTED } from "./delivery_list.ts";
import { WAITING_AT } from "./forwards.ts";
import { integerColumn, nullableColumn } from "../columns.ts";
import { type Row, textColumn } from "./rows.ts";
import type { WriteSession } from "./session.ts";
import { inSteps, STEP_MS } from "./steps.ts";

/** Pages given back to the system at a time. */
const VACUUM_PAGES = 64;

/** Of what came at one time, events go before their delivery: it takes them along. */
const TABLES = ["events", "deliveries", "export_versions"] as const;

interface Oldest {
  readonly table: typeof TABLES[number];
  readonly seq: number;
  readonly at: number;
}

/**
 * Removes what is too old or too much, and makes the file smaller by as much.
 *
 * @param holder Gives the session.
 * @param options What may go.
 * @returns What went.
 */
export async function prune(holder: ConnectionHolder, options: PruneOptions): Promise<PruneResult> {
  const { olderThanMs = Infinity, now = Date.now(), spareBytes = 0 } = options;
  if (options.dryRun === true) return countPrunable(holder.session(), options);
  const removed = { events: 0, deliveries: 0, export_versions: 0 };
  const givenUp: Record<string, number> = {};
  const done = await inSteps(holder.rest, (deadline) => {
    const isDone = holder.transaction((session) => {
      const limits = { ...options, before: now - olderThanMs, now, deadline };
      const giver = createForwardGiver(session, now);
      const hasRoom = giveUpBeyond(giver, limits);
      const gone = removeOldest(session, giver, limits);
      if (gone.done) {
        removeUnusedRules(session, now);
        session.console.forget(now - olderThanMs);
      }
      for (const table of TABLES) removed[table] += gone[table];
      for (const [destination, count] of giver.givenUp) {
        givenUp[destination] = (givenUp[destination] ?? 0) + count;
      }
      return hasRoom && gone.done;
    });
    return isDone && shrink(holder, deadline, spareBytes);
  }, options.budgetMs);
  const { deliveries, events, export_versions: exportVersions } = removed;
  return { deliveries, events, exportVersions, givenUp, done };
}

/**
 * Removes the oldest while the journal takes more than it may and that was left free for what comes
 * next: whoever writes faster than that removes waits for a few milliseconds.
 *
 * @param session A session within a transaction.
 * @param options What it may take.
 * @returns How many forwards were given up, by destination.
 */
export function makeRoom(
  session: WriteSession,
  { maxBytes = Infinity, maxWaitingBytes, spareBytes = 0 }: PruneOptions,
): ReadonlyMap<string, number> {
  if (session.usedBytes() <= maxBytes + spareBytes) return new Map();
  const deadline = performance.now() + STEP_MS;
  const giver = createForwardGiver(session, Date.now());
  removeOldest(session, giver, { maxBytes, maxWaitingBytes, before: -Infinity, deadline });
  return giver.givenUp;
}

/**
 * Gives free pages back to the system.
 *
 * @param holder Gives the session.
 * @param deadline Begins no further pages after it, on the clock of `performance.now()`.
 * @param spareBytes So much stays free in the file.
 * @returns Whether no more is left.
 */
export function shrink(holder: ConnectionHolder, deadline: number, spareBytes = 0): boolean {
  return holder.transaction(({ database }) => {
    const free = database.prepare(`
      SELECT freelist_count * page_size AS bytes FROM pragma_freelist_count, pragma_page_size`);
    const vacuum = database.prepare(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
    for (;;) {
      if (integerColumn(free.get(), "bytes") <= spareBytes) return true;
      // Each page is a row of it: to execute it without reading them gives back one page alone.
      vacuum.all();
      if (performance.now() > deadline) return false;
    }
  });
}

interface Limits {
  readonly maxBytes?: number | undefined;
  readonly maxWaitingBytes?: number | undefined;
  readonly before: number;
  readonly deadline: number;
}

/** Tells whether what waits for each destination is little enough. */
function giveUpBeyond(giver: ForwardGiver, { maxWaitingBytes, deadline }: Limits): boolean {
  if (maxWaitingBytes === undefined) return true;
  for (const [destination, bytes] of giver.waitingBytes()) {
    if (bytes <= maxWaitingBytes) continue;
    const reason = `given up: what waits here takes more than ${maxWaitingBytes} bytes, ` +
      "see journal.maxWaitingBytes";
    while ((giver.waitingBytes().get(destination) ?? 0) > maxWaitingBytes) {
      if (!giver.giveUpOldest(destination, reason)) break;
      if (performance.now() > deadline) return false;
    }
  }
  return true;
}

function removeOldest(session: WriteSession, giver: ForwardGiver, limits: Limits) {
  const { database, writer, usedBytes: used } = session;
  const { maxBytes = Infinity, maxWaitingBytes, before, deadline } = limits;
  // What goes must stand in the list, which has the oldest first.
  if (used() > maxBytes || oldestUnlistedAt(database) < before) writer.list();
  const findOldest = [
    database.prepare(
      "SELECT seq, received_at AS at FROM events WHERE waiting = 0 ORDER BY received_at LIMIT 1",
    ),
    database.prepare(
      "SELECT seq, received_at AS at FROM delivery_list ORDER BY received_at, id LIMIT 1",
    ),
    database.prepare("SELECT seq, saved_at AS at FROM export_versions ORDER BY saved_at LIMIT 1"),
  ];
  const removeVersion = database.prepare("DELETE FROM export_versions WHERE seq = ?");
  const removal: Readonly<Record<Oldest["table"], (seq: number) => unknown>> = {
    // With its forwards; the rule for repeats knows it on.
    events: session.eventWriter.remove,
    deliveries: writer.remove,
    export_versions: (seq) => removeVersion.run(seq),
  };
  const gone = { events: 0, deliveries: 0, export_versions: 0, done: false };
  while (!gone.done) {
    const oldest = TABLES.flatMap((table, index) => decodeOldest(table, findOldest[index]?.get()))
      .reduce<Oldest | undefined>((a, b) => a === undefined || b.at < a.at ? b : a, undefined);
    if (oldest !== undefined && (oldest.at < before || used() > maxBytes)) {
      removal[oldest.table](oldest.seq);
      gone[oldest.table]++;
    } else {
      // All that is left waits. It is what fills the disk then, and without a disk nothing goes on.
      const mayGiveUp = oldest === undefined && maxWaitingBytes !== undefined && used() > maxBytes;
      gone.done = !mayGiveUp || !giveUpLargest(giver, maxBytes);
    }
    if (performance.now() > deadline) break;
  }
  return gone;
}

function oldestUnlistedAt(database: DatabaseSync): number {
  const row = database.prepare(
    `SELECT min(received_at) AS at FROM deliveries WHERE seq > ${LISTED}`,
  ).get();
  return nullableColumn(row ?? {}, "at", integerColumn) ?? Infinity;
}

/** A list of rules goes with the last delivery that was decided by it. */
function removeUnusedRules({ database, writer }: WriteSession, now: number): void {
  const row = database.prepare("SELECT min(received_at) AS at FROM delivery_list").get();
  const listedAt = nullableColumn(row ?? {}, "at", integerColumn) ?? now;
  const oldestAt = Math.min(listedAt, oldestUnlistedAt(database));
  writer.removeUnusedRules(Math.min(oldestAt, now));
}

function giveUpLargest(giver: ForwardGiver, maxBytes: number): boolean {
  const [largest] = [...giver.waitingBytes()].sort(([, a], [, b]) => b - a);
  const reason = `given up: the journal takes more than ${maxBytes} bytes, see journal.maxBytes`;
  return largest !== undefined && giver.giveUpOldest(largest[0], reason);
}

function decodeOldest(table: Oldest["table"], row: Row | undefined): Oldest[] {
  return row === undefined
    ? []
    : [{ table, seq: integerColumn(row, "seq"), at: integerColumn(row, "at") }];
}

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
 * @param session A session.
 * @param options What may go.
 * @returns What would go.
 */
function countPrunable(
  { database, usedBytes }: WriteSession,
  { olderThanMs = Infinity, maxBytes = Infinity, now = Date.now() }: PruneOptions,
): PruneResult {
  const before = Number.isFinite(olderThanMs) ? now - olderThanMs : Number.MIN_SAFE_INTEGER;
  const excess = Number.isFinite(maxBytes) ? usedBytes() - maxBytes : 0;
  const rows = database.prepare(PRUNABLE).all(before, excess);
  const counts = new Map(rows.map((row) => [textColumn(row, "name"), integerColumn(row, "n")]));
  return {
    deliveries: counts.get("deliveries") ?? 0,
    events: counts.get("events") ?? 0,
    exportVersions: counts.get("exportVersions") ?? 0,
    givenUp: {},
    done: true,
  };
}

/** Gives up forwards that wait, to make room; what writes belongs inside a transaction. */
interface ForwardGiver {
  /** How many bytes wait, by destination. */
  readonly waitingBytes: () => ReadonlyMap<string, number>;
  /** Gives up the oldest that waits for a destination; tells whether there was one. */
  readonly giveUpOldest: (destination: string, reason: string) => boolean;
  /** How many were given up so far, by destination. */
  readonly givenUp: ReadonlyMap<string, number>;
}

/**
 * Prepares what gives up forwards. One that was given up has failed, with the reason as its last
 * attempt, and can be retried as long as its event is kept.
 *
 * @param session A session within a transaction.
 * @param now What counts as now, in milliseconds since the epoch.
 * @returns What gives them up.
 */
function createForwardGiver(
  { database, counts, forwardWriter }: WriteSession,
  now: number,
): ForwardGiver {
  const oldest = database.prepare(`
    SELECT id FROM forwards INDEXED BY forwards_not_done
    WHERE ${WAITING_AT} ORDER BY created_at LIMIT 1`);
  const givenUp = new Map<string, number>();
  return {
    givenUp,
    waitingBytes: () => counts.of("waiting bytes"),
    giveUpOldest(destination, reason) {
      const row = oldest.get(destination);
      if (row === undefined) return false;
      const attempt = { startedAt: now, durationMs: 0, status: null, error: reason };
      forwardWriter.giveUp(textColumn(row, "id"), attempt);
      givenUp.set(destination, (givenUp.get(destination) ?? 0) + 1);
      return true;
    },
  };
}
