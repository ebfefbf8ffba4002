import * as z from "zod/mini";
import type { DatabaseSync } from "node:sqlite";
import type { Attempt, ForwardState } from "../../forward/outbox.ts";
import type { ListSpan, Position } from "../delivery_filter.ts";
import {
  ATTEMPTS_KEPT,
  type ForwardCounts,
  type ForwardDetails,
  type ForwardFilter,
  type ForwardListOptions,
  type ForwardPage,
  type ForwardStatus,
  isNotDone,
  type OutboxCounts,
} from "../forwards.ts";
import type { Counts } from "./small_tables.ts";
import { integerColumn, nullableColumn } from "../columns.ts";
import {
  type Condition,
  createIdFinder,
  createKeyFinder,
  type Key,
  type Row,
  type Selection,
  textColumn,
  writeSelection,
} from "./rows.ts";
import { decodeEvent, decodeEventSummary, EVENT_COLUMNS, EVENT_SUMMARY_COLUMNS } from "./events.ts";

/** Reads forwards. */
export interface ForwardReader {
  readonly list: (options: ForwardListOptions) => ForwardPage;
  readonly timeBehind: (rows: number, span?: ListSpan) => number | undefined;
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

/** That one waits at a destination, in the words of the index of what is not done. */
export const WAITING_AT =
  "state = 'waiting' AND state IN ('waiting', 'failed') AND destination = ?";

/** What is not done is found at each of so many destinations; of more, among all. */
const MOST_DESTINATIONS = 100;

/** A single long query would keep the write-ahead log of a running server from being emptied. */
const COUNTED_AT_ONCE = 1000;

/**
 * Prepares the statements that read forwards.
 *
 * @param database An open database.
 * @param kept Its counts.
 * @returns The reader.
 */
export function createForwardReader(database: DatabaseSync, kept: Counts): ForwardReader {
  const joined = "forwards JOIN events ON events.seq = forwards.event";
  const summary = database.prepare(
    `SELECT ${FORWARD_COLUMNS}, ${EVENT_SUMMARY_COLUMNS} FROM ${joined} WHERE forwards.seq = ?`,
  );
  const whole = database.prepare(
    `SELECT ${FORWARD_COLUMNS}, ${EVENT_COLUMNS} FROM ${joined} WHERE forwards.seq = ?`,
  );
  const ofEvent = database.prepare(
    `SELECT ${FORWARD_COLUMNS} FROM forwards WHERE event = ? ORDER BY forwards.seq`,
  );
  const newestAttempts = database.prepare(
    "SELECT * FROM attempts WHERE forward = ? ORDER BY seq DESC LIMIT ?",
  );
  const nextDue = database.prepare(`
    SELECT ready_at FROM forwards INDEXED BY forwards_due
    WHERE destination = ? AND state = 'waiting' AND leads = ? ORDER BY ready_at LIMIT 1`);
  const oldestWaiting = database.prepare(`
    SELECT created_at FROM forwards INDEXED BY forwards_not_done
    WHERE ${WAITING_AT} ORDER BY created_at LIMIT 1`);
  const seqOf = createIdFinder(database, "forwards");
  const seqOfEvent = createIdFinder(database, "events");
  const finder = createKeyFinder(database);

  function select(
    { eventId, ...filter }: ForwardFilter,
    ...rest: [order: "newest first" | "oldest first", after: Position | undefined, limit: number]
  ): Selection {
    const { state, destination } = filter;
    if (eventId !== undefined) return selectForwards(filter, seqOfEvent(eventId) ?? -1, ...rest);
    if (!isNotDone(state) || destination !== undefined) {
      return selectForwards(filter, undefined, ...rest);
    }
    const destinations = [...kept.of(state).keys()];
    if (destinations.length > MOST_DESTINATIONS) return selectForwards(filter, undefined, ...rest);
    const [order, , limit] = rest;
    return mergeSelections(
      destinations.map((one) =>
        selectForwards({ ...filter, destination: one }, undefined, ...rest)
      ),
      order,
      limit,
    );
  }

  function statusOf(row: Row): ForwardStatus {
    const [newest] = newestAttempts.all(integerColumn(row, "forward"), 1);
    return {
      ...decodeForward(row),
      leasedUntil: decodeLease(row),
      lastAttempt: newest === undefined ? null : decodeAttempt(newest),
    };
  }

  return {
    list({ limit, cursor, ...filter }) {
      const { keys, next } = finder.page(
        (after, atMost) => select(filter, "newest first", after, atMost),
        cursor,
        limit,
      );
      const rows = keys.map(({ seq }) => summary.get(seq)).filter((row) => row !== undefined);
      const forwards = rows.map((row) => ({ ...statusOf(row), event: decodeEventSummary(row) }));
      return { forwards, next };
    },
    get(id) {
      const seq = seqOf(id);
      const row = seq === undefined ? undefined : whole.get(seq);
      if (row === undefined) return undefined;
      const history = newestAttempts.all(integerColumn(row, "forward"), ATTEMPTS_KEPT);
      return {
        ...statusOf(row),
        event: decodeEvent(row),
        history: history.map(decodeAttempt).reverse(),
      };
    },
    timeBehind: (rows, { cursor, ...span } = {}) =>
      finder.timeOf(
        (after) => selectForwards(span, undefined, "newest first", after, 1, rows),
        cursor,
      ),
    ofEvent: (event) => ofEvent.all(event).map(statusOf),
    keysAfter: (filter, after, limit) => finder.find(select(filter, "oldest first", after, limit)),
    count(filter) {
      let counted = 0;
      let after: Position | undefined;
      for (;;) {
        const keys = finder.find(select(filter, "oldest first", after, COUNTED_AT_ONCE));
        counted += keys.length;
        if (keys.length < COUNTED_AT_ONCE) return counted;
        after = keys.at(-1);
      }
    },
    nextDueAt(destination, ordered) {
      const times = (ordered ? [1] : [0, 1]).flatMap((leads) =>
        nextDue.all(destination, leads).map((row) => integerColumn(row, "ready_at"))
      );
      return times.length === 0 ? null : Math.min(...times);
    },
    counts() {
      const [waiting, failed] = [kept.of("waiting"), kept.of("failed")];
      const bytes = kept.of("waiting bytes");
      const destinations = [...new Set([...waiting.keys(), ...failed.keys()])].sort();
      return new Map(destinations.map((destination): [string, OutboxCounts] => {
        const oldest = waiting.has(destination) ? oldestWaiting.get(destination) : undefined;
        return [destination, {
          waiting: waiting.get(destination) ?? 0,
          failed: failed.get(destination) ?? 0,
          waitingBytes: bytes.get(destination) ?? 0,
          oldestWaitingAt: oldest === undefined ? null : integerColumn(oldest, "created_at"),
        }];
      }));
    },
    countsByState() {
      const counts = kept.of("forwards");
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

/**
 * Writes the query that finds forwards. It reads an index alone: that of the event, that of what is
 * not done at a destination, or that of all.
 *
 * @param filter Which forwards.
 * @param event The event that they must be of, by its row.
 * @param order In which order.
 * @param after Where the page before ended.
 * @param limit How many at most.
 * @param skip So many before them are left out.
 * @returns The query, for the columns `seq`, `at` and `id`.
 */
function selectForwards(
  filter: Omit<ForwardFilter, "eventId">,
  event: number | undefined,
  order: "newest first" | "oldest first",
  after: Position | undefined,
  limit: number,
  skip = 0,
): Selection {
  const { state, destination, since, until } = filter;
  const conditions: Condition[] = [];
  let index = "forwards_in_order";
  if (state !== undefined) conditions.push({ sql: "state = ?", values: [state] });
  if (isNotDone(state) && destination !== undefined) {
    index = "forwards_not_done";
    // In the words of the index, which can be used only then.
    conditions.push({ sql: "state IN ('waiting', 'failed')", values: [] });
  }
  if (event !== undefined) {
    index = "forwards_of_event";
    conditions.push({ sql: "event = ?", values: [event] });
  }
  if (destination !== undefined) conditions.push({ sql: "destination = ?", values: [destination] });
  if (since !== undefined) conditions.push({ sql: "created_at >= ?", values: [since] });
  if (until !== undefined) conditions.push({ sql: "created_at < ?", values: [until] });
  const from = `forwards INDEXED BY ${index}`;
  return writeSelection({ from, time: "created_at", conditions, order, after, limit, skip });
}

function mergeSelections(
  parts: readonly Selection[],
  order: "newest first" | "oldest first",
  limit: number,
): Selection {
  const direction = order === "newest first" ? "DESC" : "ASC";
  const none = "SELECT 0 AS seq, 0 AS at, '' AS id WHERE FALSE";
  const all = parts.map(({ sql }) => `SELECT * FROM (${sql})`).join(" UNION ALL ") || none;
  return {
    sql: `SELECT * FROM (${all}) ORDER BY at ${direction}, id ${direction} LIMIT ?`,
    values: [...parts.flatMap(({ values }) => values), limit],
  };
}

const stateSchema = z.enum(["waiting", "delivered", "failed", "cancelled"]);
const STATES = new Map<string, ForwardState>(stateSchema.options.map((state) => [state, state]));

/** The columns of a forward, also where its event is joined. */
export const FORWARD_COLUMNS = `forwards.seq AS forward, forwards.id AS forward_id,
  forwards.destination, forwards.state, forwards.attempts, forwards.created_at, forwards.due_at,
  forwards.leased_until, forwards.attempts_before`;

/** A forward on its way into the file. */
export interface ForwardToInsert {
  readonly id: string;
  readonly destination: string;
  /** That of its event: what has the same one can be kept in order. */
  readonly subject: string;
  /** In milliseconds since the epoch; it is due from then on. */
  readonly createdAt: number;
}

/**
 * Reads where a forward stands.
 *
 * @param row The row.
 * @returns The state.
 */
export function decodeState(row: Row): ForwardState {
  const text = textColumn(row, "state");
  return STATES.get(text) ?? stateSchema.parse(text);
}

/**
 * Reads a row of `FORWARD_COLUMNS`.
 *
 * @param row The row.
 * @returns The forward without its event and its attempts.
 */
export function decodeForward(row: Row): Omit<ForwardStatus, "leasedUntil" | "lastAttempt"> {
  return {
    id: textColumn(row, "forward_id"),
    destination: textColumn(row, "destination"),
    state: decodeState(row),
    attempts: integerColumn(row, "attempts"),
    attemptsBefore: integerColumn(row, "attempts_before"),
    createdAt: integerColumn(row, "created_at"),
    dueAt: nullableColumn(row, "due_at", integerColumn),
  };
}

/**
 * Reads until when a worker has a forward.
 *
 * @param row The row.
 * @returns The time; `null` when none took it.
 */
function decodeLease(row: Row): number | null {
  return integerColumn(row, "leased_until") || null;
}

/**
 * Reads a row of `attempts`.
 *
 * @param row The row.
 * @returns The attempt.
 */
function decodeAttempt(row: Row): Attempt {
  return {
    startedAt: integerColumn(row, "started_at"),
    durationMs: integerColumn(row, "duration_ms"),
    status: nullableColumn(row, "status", integerColumn),
    error: nullableColumn(row, "error", textColumn),
  };
}
