import type { DatabaseSync } from "node:sqlite";
import type { ForwardState } from "../../../forward/outbox.ts";
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
import { integer, type Row } from "../columns.ts";
import {
  decodeEvent,
  decodeEventSummary,
  EVENT_COLUMNS,
  EVENT_SUMMARY_COLUMNS,
} from "../events/event_row.ts";
import { decodeAttempt, decodeForward, decodeLease, FORWARD_COLUMNS } from "./forward_row.ts";
import { createCountTable } from "../file/count_table.ts";
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
  readonly count: (filter: ForwardFilter) => number;
  readonly nextDueAt: (destination: string, ordered: boolean) => number | null;
  readonly counts: () => ReadonlyMap<string, OutboxCounts>;
  readonly countsByState: () => ForwardCounts;
}

/** A single long query would keep the write-ahead log of a running server from being emptied. */
const COUNTED_AT_ONCE = 1000;

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
  const oldestWaiting = database.prepare(`
    SELECT created_at FROM forwards INDEXED BY forwards_waiting
    WHERE destination = ? AND state = 'waiting' ORDER BY created_at LIMIT 1`);
  const countsOf = createCountTable(database);
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
    count(filter) {
      let counted = 0;
      let after: Position | undefined;
      for (;;) {
        const keys = finder.find(selectForwards(filter, "oldest first", after, COUNTED_AT_ONCE));
        counted += keys.length;
        if (keys.length < COUNTED_AT_ONCE) return counted;
        after = keys.at(-1);
      }
    },
    nextDueAt(destination, ordered) {
      const row = (ordered ? nextLeading : nextOfAll).get(destination);
      return row === undefined ? null : integer(row, "ready_at");
    },
    counts() {
      const [waiting, failed] = [countsOf("waiting"), countsOf("failed")];
      const bytes = countsOf("waiting bytes");
      const destinations = [...new Set([...waiting.keys(), ...failed.keys()])].sort();
      return new Map(destinations.map((destination): [string, OutboxCounts] => {
        const oldest = waiting.has(destination) ? oldestWaiting.get(destination) : undefined;
        return [destination, {
          waiting: waiting.get(destination) ?? 0,
          failed: failed.get(destination) ?? 0,
          waitingBytes: bytes.get(destination) ?? 0,
          oldestWaitingAt: oldest === undefined ? null : integer(oldest, "created_at"),
        }];
      }));
    },
    countsByState() {
      const counts = countsOf("forwards");
      const of = (state: ForwardState) => counts.get(state) ?? 0;
      return {
        waiting: of("waiting"),
        delivered: of("delivered"),
        failed: of("failed"),
        cancelled: of("cancelled"),
      };
    },
  };
}

function nextDue(database: DatabaseSync, index: string, condition: string) {
  return database.prepare(`
    SELECT ready_at FROM forwards INDEXED BY ${index}
    WHERE destination = ? AND state = 'waiting' ${condition} ORDER BY ready_at LIMIT 1`);
}
