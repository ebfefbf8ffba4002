import * as z from "zod/mini";
import type { Attempt, ForwardState } from "../../forward/outbox.ts";
import type { Position } from "../delivery_filter.ts";
import {
  ATTEMPTS_KEPT,
  type ForwardDetails,
  type ForwardFilter,
  type ForwardListOptions,
  type ForwardPage,
  type ForwardStatus,
  isNotDone,
} from "../forwards.ts";
import type { EventDetails } from "../events.ts";
import type { Query } from "./connection.ts";
import {
  LISTED_EVENT_COLUMNS,
  readEventSummary,
  readKeptEvent,
  STORED_EVENT_COLUMNS,
} from "./events.ts";
import { integerColumn, nullableColumn } from "../columns.ts";
import { listPage, readPage } from "./pages.ts";
import { type PostgresRow, type SqlCondition, storedText, textOf } from "./rows.ts";

/** The columns of a forward, also where its event is joined. */
export const STORED_FORWARD_COLUMNS = `forwards.seq AS forward, forwards.id AS forward_id,
  forwards.destination, forwards.state, forwards.attempts, forwards.created_at, forwards.due_at,
  forwards.leased_until, forwards.attempts_before`;

const WITH_EVENT = "JOIN events ON events.seq = forwards.event";
/** Forwards, and by which columns they are in order. */
export const FORWARDS_IN_ORDER = {
  from: "forwards",
  time: "forwards.created_at",
  id: "forwards.id",
} as const;

/**
 * Lists forwards, newest first.
 *
 * @param query Runs a statement.
 * @param options Which part of which forwards.
 * @returns The page.
 * @throws {SyntaxError} When the cursor is not one.
 */
export async function listForwards(
  query: Query,
  { limit, cursor, ...filter }: ForwardListOptions,
): Promise<ForwardPage> {
  const read = async (after: Position | undefined, most: number) =>
    await readPage(query, {
      ...FORWARDS_IN_ORDER,
      columns: `${STORED_FORWARD_COLUMNS}, ${LISTED_EVENT_COLUMNS}`,
      join: WITH_EVENT,
      conditions: conditionsOf(filter),
      order: "newest first",
      after,
      limit: most,
    });
  const { rows, next } = await listPage(cursor, limit, read, placeOf);
  const statuses = await withAttempts(query, rows);
  const forwards = rows.map((row, index) => ({
    ...(statuses[index] ?? decodeStatus(row)),
    event: readEventSummary(row),
  }));
  return { forwards, next };
}

/** Finds one forward with its event and its attempts. */
export async function findForward(query: Query, id: string): Promise<ForwardDetails | undefined> {
  const [row] = await query(
    `SELECT ${STORED_FORWARD_COLUMNS}, ${STORED_EVENT_COLUMNS} FROM forwards ${WITH_EVENT}
     WHERE forwards.id = $1`,
    [storedText(id)],
  );
  if (row === undefined) return undefined;
  const attempts = await query(
    "SELECT * FROM attempts WHERE forward = $1 ORDER BY seq DESC LIMIT $2",
    [integerColumn(row, "forward"), ATTEMPTS_KEPT],
  );
  const history = attempts.map(decodeAttempt).reverse();
  const lastAttempt = history.at(-1) ?? null;
  return { ...decodeStatus(row), lastAttempt, event: readKeptEvent(row), history };
}

/** Finds one event, with what became of it. */
export async function findEvent(query: Query, id: string): Promise<EventDetails | undefined> {
  const [row] = await query(`SELECT seq, ${STORED_EVENT_COLUMNS} FROM events WHERE id = $1`, [
    storedText(id),
  ]);
  if (row === undefined) return undefined;
  return {
    ...readKeptEvent(row),
    forwards: await statusesOfEvent(query, integerColumn(row, "seq")),
  };
}

/** Where the forwards of an event stand, by its row. */
async function statusesOfEvent(
  query: Query,
  event: number,
): Promise<readonly ForwardStatus[]> {
  const rows = await query(
    `SELECT ${STORED_FORWARD_COLUMNS} FROM forwards WHERE event = $1 ORDER BY seq`,
    [event],
  );
  return await withAttempts(query, rows);
}

async function withAttempts(
  query: Query,
  rows: readonly PostgresRow[],
): Promise<readonly ForwardStatus[]> {
  if (rows.length === 0) return [];
  const newest = await query(
    `SELECT a.* FROM unnest($1::bigint[]) AS f (seq) CROSS JOIN LATERAL (
       SELECT * FROM attempts WHERE forward = f.seq ORDER BY seq DESC LIMIT 1) AS a`,
    [rows.map((row) => integerColumn(row, "forward"))],
  );
  const byForward = new Map(
    newest.map((row) => [integerColumn(row, "forward"), decodeAttempt(row)]),
  );
  return rows.map((row) => ({
    ...decodeStatus(row),
    lastAttempt: byForward.get(integerColumn(row, "forward")) ?? null,
  }));
}

/** The next forwards of a filter, oldest first, to be changed one by one. */
export async function forwardsAfter(
  query: Query,
  filter: ForwardFilter,
  after: Position | undefined,
  limit: number,
): Promise<readonly Position[]> {
  const rows = await readPage(query, {
    ...FORWARDS_IN_ORDER,
    columns: "forwards.id AS forward_id, forwards.created_at",
    conditions: conditionsOf(filter),
    order: "oldest first",
    after,
    limit,
  });
  return rows.map(placeOf);
}

/** Counts forwards by looking at every one of them. */
export async function countForwards(query: Query, filter: ForwardFilter): Promise<number> {
  let counted = 0;
  let after: Position | undefined;
  for (;;) {
    const places = await forwardsAfter(query, filter, after, COUNTED_AT_ONCE);
    counted += places.length;
    if (places.length < COUNTED_AT_ONCE) return counted;
    after = places.at(-1);
  }
}

const COUNTED_AT_ONCE = 5000;

/** When the next forward of a destination is due, or its lease runs out. */
export async function nextDueAt(
  query: Query,
  destination: string,
  ordered: boolean,
): Promise<number | null> {
  const [row] = await query(
    `SELECT ready_at FROM forwards WHERE destination = $1 AND state = 'waiting'
     ${ordered ? "AND leads" : ""} ORDER BY ready_at LIMIT 1`,
    [storedText(destination)],
  );
  return row === undefined ? null : integerColumn(row, "ready_at");
}

function conditionsOf(filter: ForwardFilter): SqlCondition[] {
  const { state, destination, eventId, since, until } = filter;
  const conditions: SqlCondition[] = [];
  const add = (sql: string, ...values: unknown[]) => conditions.push({ sql, values });
  const addIndexed = (sql: string, ...values: unknown[]) =>
    conditions.push({ sql, values, isIndexed: true });
  if (state !== undefined) add("forwards.state = ?", state);
  // In the words of the index, which can be used only then.
  if (isNotDone(state)) addIndexed("forwards.state IN ('waiting', 'failed')");
  if (eventId !== undefined) {
    addIndexed("forwards.event = (SELECT seq FROM events WHERE id = ?)", storedText(eventId));
  }
  if (destination !== undefined) add("forwards.destination = ?", storedText(destination));
  if (since !== undefined) addIndexed("forwards.created_at >= ?", since);
  if (until !== undefined) addIndexed("forwards.created_at < ?", until);
  return conditions;
}

const stateSchema = z.enum(["waiting", "delivered", "failed", "cancelled"]);

/** Reads where a forward stands. */
export function readState(row: PostgresRow): ForwardState {
  return stateSchema.parse(row["state"]);
}

/** Reads a row of `STORED_FORWARD_COLUMNS`. */
export function readForwardRow(
  row: PostgresRow,
): Omit<ForwardStatus, "leasedUntil" | "lastAttempt"> {
  return {
    id: textOf(row, "forward_id"),
    destination: textOf(row, "destination"),
    state: readState(row),
    attempts: integerColumn(row, "attempts"),
    attemptsBefore: integerColumn(row, "attempts_before"),
    createdAt: integerColumn(row, "created_at"),
    dueAt: nullableColumn(row, "due_at", integerColumn),
  };
}

function decodeStatus(row: PostgresRow): ForwardStatus {
  return {
    ...readForwardRow(row),
    leasedUntil: integerColumn(row, "leased_until") || null,
    lastAttempt: null,
  };
}

function placeOf(row: PostgresRow): Position {
  return { receivedAt: integerColumn(row, "created_at"), id: textOf(row, "forward_id") };
}

function decodeAttempt(row: PostgresRow): Attempt {
  return {
    startedAt: integerColumn(row, "started_at"),
    durationMs: integerColumn(row, "duration_ms"),
    status: nullableColumn(row, "status", integerColumn),
    error: nullableColumn(row, "error", textOf),
  };
}
