import type { Completion, Lease, LeasedForward, LeaseOptions } from "../../forward/outbox.ts";
import { newDeliveryId } from "../delivery.ts";
import { ATTEMPTS_KEPT, isNotDone, stateAfter } from "../forwards.ts";
import type { Query } from "./connection.ts";
import { readStoredEvent, STORED_EVENT_COLUMNS } from "./events.ts";
import {
  type HeldForward,
  holdForwards,
  insertForwards,
  moveForwards,
  type OutboxChange,
} from "./forward_places.ts";
import { readForwardRow, STORED_FORWARD_COLUMNS } from "./forwards.ts";
import { integerColumn } from "../columns.ts";
import { bigints, insertLists, integers, type ListedColumns, texts } from "./insert_lists.ts";
import { storedText, textOf } from "./rows.ts";

/** Those due for longest, among which the oldest are taken. */
const OLDEST_AMONG = 500;

/**
 * Takes forwards that are due, oldest first; what another instance has just taken is left to it.
 *
 * @param query Runs a statement, within a transaction.
 * @param options Which.
 * @returns The forwards.
 */
export async function leaseForwards(
  query: Query,
  { owner, destination, limit, mostBytes = Number.MAX_SAFE_INTEGER, leaseMs, now, ordered }:
    LeaseOptions,
): Promise<readonly LeasedForward[]> {
  const due = `state = 'waiting' ${ordered ? "AND leads" : ""} AND ready_at <= $2`;
  const taken = await query(
    `UPDATE forwards SET leased_until = $3, lease_owner = $4, lease_number = lease_number + 1
     WHERE seq IN (
       SELECT seq FROM forwards WHERE ${due} AND seq IN (
         SELECT seq FROM (
           SELECT seq, sum((SELECT payload_bytes FROM events WHERE events.seq = oldest.event))
             OVER (ORDER BY created_at, seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
             AS bytes_before
           FROM (
             SELECT seq, created_at, event FROM (
               SELECT seq, created_at, event, ready_at FROM forwards
               WHERE destination = $1 AND ${due}
               ORDER BY ready_at, created_at, seq LIMIT $5) AS longest
             ORDER BY created_at, seq LIMIT $6) AS oldest) AS counted
         WHERE coalesce(bytes_before, 0) < $7)
       FOR UPDATE SKIP LOCKED)
     RETURNING seq, lease_number`,
    [
      storedText(destination),
      now,
      now + leaseMs,
      storedText(owner),
      Math.max(limit, OLDEST_AMONG),
      limit,
      mostBytes,
    ],
  );
  if (taken.length === 0) return [];
  const numbers = new Map(
    taken.map((row) => [integerColumn(row, "seq"), integerColumn(row, "lease_number")]),
  );
  const rows = await query(
    `SELECT ${STORED_FORWARD_COLUMNS}, ${STORED_EVENT_COLUMNS} FROM forwards
     JOIN events ON events.seq = forwards.event WHERE forwards.seq = ANY ($1::bigint[])
     ORDER BY forwards.created_at, forwards.seq`,
    [[...numbers.keys()]],
  );
  return rows.map((row) => {
    const forward = readForwardRow(row);
    const number = numbers.get(integerColumn(row, "forward")) ?? 0;
    const lease = { id: forward.id, owner, number };
    return { ...forward, event: readStoredEvent(row), lease };
  });
}

/**
 * Ends leases.
 *
 * @param query Runs a statement.
 * @param leases The leases, each of another forward.
 * @returns Those that were not held any more.
 */
export async function endLeases(
  query: Query,
  leases: readonly Lease[],
): Promise<readonly Lease[]> {
  if (leases.length === 0) return [];
  const ended = await query(
    `UPDATE forwards AS f SET leased_until = 0, lease_owner = NULL
     FROM unnest($1::text[], $2::text[], $3::bigint[]) AS l (id, owner, number)
     WHERE f.id = l.id AND f.lease_owner = l.owner AND f.lease_number = l.number
     RETURNING f.id`,
    [
      leases.map(({ id }) => storedText(id)),
      leases.map(({ owner }) => storedText(owner)),
      leases.map(({ number }) => number),
    ],
  );
  const ids = new Set(ended.map((row) => textOf(row, "id")));
  return leases.filter(({ id }) => !ids.has(id));
}

/**
 * Writes what became of attempts, and ends their leases.
 *
 * @param change The transaction.
 * @param completions The attempts, each of another forward.
 * @returns Of each, whether its lease was held; nothing is changed of one whose was not.
 */
export async function completeAttempts(
  change: OutboxChange,
  completions: readonly Completion[],
): Promise<readonly boolean[]> {
  const places = await holdForwards(change, completions.map(({ lease }) => lease.id));
  const byId = new Map(places.map((place) => [place.id, place]));
  const known = completions.filter(({ lease }) => byId.has(lease.id));
  const lost = new Set(await endLeases(change.query, known.map(({ lease }) => lease)));
  const held = known.flatMap(({ lease, attempt, outcome }) => {
    const place = byId.get(lease.id);
    return place === undefined || lost.has(lease) ? [] : [{ place, attempt, outcome }];
  });
  await concludeAttempts(change, held);
  const ids = new Set(held.map(({ place }) => place.id));
  return completions.map(({ lease }) => ids.has(lease.id));
}

/** An attempt of a forward that is held. */
export interface ConcludedAttempt extends Omit<Completion, "lease"> {
  readonly place: HeldForward;
}

const ATTEMPT_COLUMNS: ListedColumns<ConcludedAttempt> = {
  forward: bigints(({ place }) => place.seq),
  started_at: bigints(({ attempt }) => Math.round(attempt.startedAt)),
  duration_ms: bigints(({ attempt }) => Math.round(attempt.durationMs)),
  status: integers(({ attempt }) => attempt.status),
  error: texts(({ attempt: { error } }) => error === null ? null : storedText(error)),
};

/**
 * Writes attempts and what becomes of their forwards, which are held.
 *
 * @param change The transaction.
 * @param attempts The attempts, each of another forward.
 */
export async function concludeAttempts(
  change: OutboxChange,
  attempts: readonly ConcludedAttempt[],
): Promise<void> {
  if (attempts.length === 0) return;
  const { query } = change;
  const counted = await query(
    `UPDATE forwards SET attempts = attempts + 1 WHERE seq = ANY ($1::bigint[])
     RETURNING seq, attempts`,
    [attempts.map(({ place }) => place.seq)],
  );
  await insertLists(query, "attempts", ATTEMPT_COLUMNS, attempts);
  for (const row of counted) {
    if (integerColumn(row, "attempts") <= ATTEMPTS_KEPT) continue;
    await query(
      `DELETE FROM attempts WHERE forward = $1 AND seq <= (
         SELECT seq FROM attempts WHERE forward = $1 ORDER BY seq DESC LIMIT 1 OFFSET $2)`,
      [row["seq"], ATTEMPTS_KEPT],
    );
  }
  await moveForwards(
    change,
    attempts.map(({ place, outcome }) => {
      const state = stateAfter(place.state, outcome.state);
      const waits = state === "waiting" && outcome.state === "waiting";
      return { place, state, dueAt: waits ? outcome.dueAt : null };
    }),
  );
}

/** Makes forwards due that are not delivered; one whose event was erased has nothing to send. */
export async function retryForwards(change: OutboxChange, ids: readonly string[]): Promise<number> {
  const { query, now } = change;
  const places = (await holdForwards(change, ids)).filter(({ state }) => state !== "delivered");
  const sendable = await withoutErased(query, places);
  await moveForwards(
    change,
    sendable.map((place) => ({
      place,
      state: "waiting",
      dueAt: Math.min(place.dueAt ?? now, now),
    })),
  );
  await query(
    "UPDATE forwards SET attempts_before = attempts WHERE seq = ANY ($1::bigint[])",
    [sendable.map(({ seq }) => seq)],
  );
  return sendable.length;
}

/** Puts a further forward beside each that was delivered. */
export async function resendForwards(
  change: OutboxChange,
  ids: readonly string[],
): Promise<number> {
  const places = (await holdForwards(change, ids)).filter(({ state }) => state === "delivered");
  const sendable = await withoutErased(change.query, places);
  await insertForwards(
    change,
    sendable.map((place) => ({ ...place, id: newDeliveryId(), createdAt: change.now })),
  );
  const waiting = new Map<number, number>();
  for (const { event } of sendable) waiting.set(event, (waiting.get(event) ?? 0) + 1);
  await change.query(
    `UPDATE events AS e SET waiting = e.waiting + w.n
     FROM unnest($1::bigint[], $2::int[]) AS w (seq, n) WHERE e.seq = w.seq`,
    [[...waiting.keys()], [...waiting.values()]],
  );
  return sendable.length;
}

/** Calls off forwards that wait or failed. */
export async function cancelForwards(
  change: OutboxChange,
  ids: readonly string[],
): Promise<number> {
  const places = (await holdForwards(change, ids)).filter(({ state }) => isNotDone(state));
  await moveForwards(
    change,
    places.map((place) => ({ place, state: "cancelled", dueAt: null })),
  );
  return places.length;
}

async function withoutErased(
  query: Query,
  places: readonly HeldForward[],
): Promise<readonly HeldForward[]> {
  const rows = await query(
    "SELECT seq FROM events WHERE seq = ANY ($1::bigint[]) AND erased_at IS NOT NULL",
    [places.map(({ event }) => event)],
  );
  const erased = new Set(rows.map((row) => integerColumn(row, "seq")));
  return places.filter(({ event }) => !erased.has(event));
}
