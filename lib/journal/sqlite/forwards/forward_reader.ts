import type { DatabaseSync } from "node:sqlite";
import type { Position } from "../../filter.ts";
import { ATTEMPTS_KEPT, type ForwardStatus } from "../../forward_status.ts";
import type {
  ForwardCounts,
  ForwardDetails,
  ForwardFilter,
  ForwardListOptions,
  ForwardPage,
  OutboxCounts,
} from "../../forwards.ts";
import { integer, nullable, type Row, text } from "../columns.ts";
import {
  decodeEvent,
  decodeEventSummary,
  EVENT_COLUMNS,
  EVENT_SUMMARY_COLUMNS,
} from "../events/event_row.ts";
import {
  decodeAttempt,
  decodeForward,
  decodeLease,
  decodeState,
  FORWARD_COLUMNS,
} from "./forward_row.ts";
import { selectForwards } from "./forward_selection.ts";
import { createKeyFinder, type Key } from "../deliveries/keys.ts";

/** Reads forwards. */
export interface ForwardReader {
  readonly list: (options: ForwardListOptions) => ForwardPage;
  readonly get: (id: string) => ForwardDetails | undefined;
  /** Those of one event, by its row. */
  readonly ofEvent: (event: number) => readonly ForwardStatus[];
  /** The keys of the next forwards, oldest first. */
  readonly keysAfter: (
    filter: ForwardFilter,
    after: Position | undefined,
    limit: number,
  ) => readonly Key[];
  readonly nextDueAt: (destination: string, ordered: boolean) => number | null;
  readonly counts: () => ReadonlyMap<string, OutboxCounts>;
  readonly countsByState: () => ForwardCounts;
}

/** In the words of the index that holds what is not done. */
const COUNTS = `
  SELECT destination, total(state = 'waiting') AS waiting, total(state = 'failed') AS failed,
    min(iif(state = 'waiting', created_at, NULL)) AS oldest_waiting_at
  FROM forwards INDEXED BY forwards_not_done
  WHERE state IN ('waiting', 'failed') GROUP BY destination`;

/**
 * Prepares the statements that read forwards.
 *
 * @param database An open database.
 * @returns The reader.
 */
export function createForwardReader(database: DatabaseSync): ForwardReader {
  const joined = "forwards JOIN events ON events.seq = forwards.event";
  const summary = database.prepare(
    `SELECT ${FORWARD_COLUMNS}, ${EVENT_SUMMARY_COLUMNS} FROM ${joined} WHERE forwards.seq = ?`,
  );
  const whole = database.prepare(
    `SELECT ${FORWARD_COLUMNS}, ${EVENT_COLUMNS} FROM ${joined} WHERE forwards.id = ?`,
  );
  const ofEvent = database.prepare(
    `SELECT ${FORWARD_COLUMNS} FROM forwards WHERE event = ? ORDER BY forwards.seq`,
  );
  const newestAttempts = database.prepare(
    "SELECT * FROM attempts WHERE forward = ? ORDER BY seq DESC LIMIT ?",
  );
  const nextOfAll = nextDue(database, "forwards_due", "");
  const nextLeading = nextDue(database, "forwards_due_leading", "AND leads = 1");
  const count = database.prepare(COUNTS);
  const countStates = database.prepare(
    "SELECT state, count(*) AS n FROM forwards INDEXED BY forwards_in_order GROUP BY state",
  );
  const finder = createKeyFinder(database);

  function statusOf(row: Row): ForwardStatus {
    const [newest] = newestAttempts.all(integer(row, "forward"), 1);
    return {
      ...decodeForward(row),
      leasedUntil: decodeLease(row),
      lastAttempt: newest === undefined ? null : decodeAttempt(newest),
    };
  }

  return {
    list({ limit, cursor, ...filter }) {
      const { keys, next } = finder.page(
        (after, atMost) => selectForwards(filter, "newest first", after, atMost),
        cursor,
        limit,
      );
      const rows = keys.map(({ seq }) => summary.get(seq)).filter((row) => row !== undefined);
      const forwards = rows.map((row) => ({ ...statusOf(row), event: decodeEventSummary(row) }));
      return { forwards, next };
    },
    get(id) {
      const row = whole.get(id);
      if (row === undefined) return undefined;
      const history = newestAttempts.all(integer(row, "forward"), ATTEMPTS_KEPT);
      return {
        ...statusOf(row),
        event: decodeEvent(row),
        history: history.map(decodeAttempt).reverse(),
      };
    },
    ofEvent: (event) => ofEvent.all(event).map(statusOf),
    keysAfter: (filter, after, limit) =>
      finder.find(selectForwards(filter, "oldest first", after, limit)),
    nextDueAt(destination, ordered) {
      const row = (ordered ? nextLeading : nextOfAll).get(destination);
      return row === undefined ? null : integer(row, "ready_at");
    },
    counts: () => new Map(count.all().map((row) => [text(row, "destination"), decodeCounts(row)])),
    countsByState() {
      const counts = { waiting: 0, delivered: 0, failed: 0, cancelled: 0 };
      for (const row of countStates.all()) counts[decodeState(row)] = integer(row, "n");
      return counts;
    },
  };
}

function nextDue(database: DatabaseSync, index: string, condition: string) {
  return database.prepare(`
    SELECT ready_at FROM forwards INDEXED BY ${index}
    WHERE destination = ? AND state = 'waiting' ${condition} ORDER BY ready_at LIMIT 1`);
}

function decodeCounts(row: Row): OutboxCounts {
  return {
    waiting: integer(row, "waiting"),
    failed: integer(row, "failed"),
    oldestWaitingAt: nullable(row, "oldest_waiting_at", integer),
  };
}
