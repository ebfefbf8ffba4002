import type { DatabaseSync } from "node:sqlite";
import type { PruneOptions, PruneResult } from "../../journal.ts";
import { integer, type Row } from "../columns.ts";
import type { Keeper } from "./keeper.ts";
import { createEventPruner } from "../events/prune_events.ts";
import { inSteps } from "./steps.ts";

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
 * @param keeper Gives the session.
 * @param options What may go.
 * @returns What went.
 */
export async function prune(keeper: Keeper, options: PruneOptions): Promise<PruneResult> {
  const { olderThanMs = Infinity, maxBytes = Infinity, now = Date.now() } = options;
  const removed = { events: 0, deliveries: 0, export_versions: 0 };
  const done = await inSteps(keeper.rest, (deadline) => {
    const gone = keeper.transaction(({ database }) =>
      removeOldest(database, { before: now - olderThanMs, maxBytes, deadline })
    );
    removed.events += gone.events;
    removed.deliveries += gone.deliveries;
    removed.export_versions += gone.export_versions;
    return gone.done && shrink(keeper, deadline);
  }, options.budgetMs);
  const { deliveries, events, export_versions: exportVersions } = removed;
  return { deliveries, events, exportVersions, done };
}

/**
 * Gives free pages back to the system.
 *
 * @param keeper Gives the session.
 * @param deadline Begins no further pages after it, on the clock of `performance.now()`.
 * @returns Whether none is left.
 */
export function shrink(keeper: Keeper, deadline: number): boolean {
  return keeper.transaction(({ database }) => {
    const free = database.prepare("PRAGMA freelist_count");
    for (;;) {
      if (integer(free.get(), "freelist_count") === 0) return true;
      database.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
      if (performance.now() > deadline) return false;
    }
  });
}

interface Limits {
  readonly before: number;
  readonly maxBytes: number;
  readonly deadline: number;
}

function removeOldest(database: DatabaseSync, limits: Limits) {
  const events = createEventPruner(database);
  const findOldest = [
    events.oldest,
    database.prepare(
      "SELECT seq, received_at AS at FROM deliveries ORDER BY received_at, id LIMIT 1",
    ),
    database.prepare("SELECT seq, saved_at AS at FROM export_versions ORDER BY saved_at LIMIT 1"),
  ];
  const removal = {
    deliveries: database.prepare("DELETE FROM deliveries WHERE seq = ?"),
    export_versions: database.prepare("DELETE FROM export_versions WHERE seq = ?"),
  };
  const remove = (table: Oldest["table"], seq: number) =>
    table === "events" ? events.remove(seq) : removal[table].run(seq);
  const used = usedBytes(database);
  const gone = { events: 0, deliveries: 0, export_versions: 0, done: false };
  while (!gone.done) {
    const oldest = TABLES.flatMap((table, index) => decodeOldest(table, findOldest[index]?.get()))
      .reduce<Oldest | undefined>((a, b) => a === undefined || b.at < a.at ? b : a, undefined);
    if (oldest === undefined || !(oldest.at < limits.before || used() > limits.maxBytes)) {
      gone.done = true;
    } else {
      remove(oldest.table, oldest.seq);
      gone[oldest.table]++;
      if (performance.now() > limits.deadline) break;
    }
  }
  return gone;
}

function decodeOldest(table: Oldest["table"], row: Row | undefined): Oldest[] {
  return row === undefined ? [] : [{ table, seq: integer(row, "seq"), at: integer(row, "at") }];
}

function usedBytes(database: DatabaseSync): () => number {
  const statement = database.prepare(`
    SELECT (page_count - freelist_count) * page_size AS bytes
    FROM pragma_page_count, pragma_freelist_count, pragma_page_size`);
  return () => integer(statement.get(), "bytes");
}
