import type { DatabaseSync } from "node:sqlite";
import type {
  Attempt,
  AttemptOutcome,
  Completion,
  Lease,
  LeasedForward,
  LeaseOptions,
} from "../../forward/outbox.ts";
import { newDeliveryId } from "../delivery.ts";
import { ATTEMPTS_KEPT, isNotDone, stateAfter } from "../forwards.ts";
import { integerColumn } from "../columns.ts";
import { createIdFinder } from "./rows.ts";
import type { ForwardStates, Place } from "./forward_states.ts";
import type { ForwardsTogether } from "./forwards_together.ts";
import type { NewForwards } from "./new_forwards.ts";

/** Changes forwards; every method belongs inside a transaction. */
export interface ForwardWriter {
  readonly lease: (options: LeaseOptions) => readonly LeasedForward[];
  /** Ends leases, each with an attempt; tells of each whether it was held. */
  readonly complete: (completions: readonly Completion[]) => readonly boolean[];
  /** Ends a lease; tells whether it was held. */
  readonly release: (lease: Lease) => boolean;
  /** Ends all leases of an owner; tells how many those were. */
  readonly reclaim: (owner: string) => number;
  /** Has one fail, whoever has it. */
  readonly giveUp: (id: string, attempt: Attempt) => void;
  /** Makes one due; tells whether it could. */
  readonly retry: (id: string, now: number) => boolean;
  /** Puts a further one beside one that was delivered; tells whether it could. */
  readonly resend: (id: string, now: number) => boolean;
  /** Makes due what is due later than this at a destination; tells how many that were. */
  readonly correctDueDates: (destination: string, latest: number, now: number) => number;
  /** Calls one off; tells whether it could. */
  readonly cancel: (id: string) => boolean;
}

/**
 * Prepares the statements that change forwards.
 *
 * @param database A database open for writing.
 * @param states Moves forwards between states, one by one.
 * @param together Changes many at once.
 * @param newForwards Inserts further ones.
 * @returns The writer.
 */
export function createForwardWriter(
  database: DatabaseSync,
  states: ForwardStates,
  together: ForwardsTogether,
  newForwards: NewForwards,
): ForwardWriter {
  const dueOfAll = dueForwards(database, [0, 1]);
  const dueLeading = dueForwards(database, [1]);
  const endLease = database.prepare(`
    UPDATE forwards SET leased_until = 0, lease_owner = NULL
    WHERE seq = ? AND lease_owner = ? AND lease_number = ?`);
  const seqOf = createIdFinder(database, "forwards");
  const endLeases = database.prepare(`
    UPDATE forwards SET leased_until = 0, lease_owner = NULL
    WHERE state = 'waiting' AND leased_until > 0 AND lease_owner = ?`);
  const insertAttempt = database.prepare(`
    INSERT INTO attempts (forward, started_at, duration_ms, status, error) VALUES (?, ?, ?, ?, ?)`);
  const trimAttempts = database.prepare(`
    DELETE FROM attempts WHERE forward = ? AND seq <=
      (SELECT seq FROM attempts WHERE forward = ? ORDER BY seq DESC LIMIT 1 OFFSET ?)`);
  const restartSchedule = database.prepare(
    "UPDATE forwards SET attempts_before = attempts WHERE seq = ?",
  );
  // Not by number: Deno 2.5 counts a parameter that stands twice as two.
  const correction = database.prepare(`
    UPDATE forwards SET due_at = ? WHERE seq IN (
      SELECT seq FROM forwards INDEXED BY forwards_due
      WHERE destination = ? AND state = 'waiting' AND leads IN (0, 1)
        AND ready_at > ? AND (ready_at > ? OR created_at > ?))
    AND (due_at > ? OR (due_at > ? AND created_at > ?))`);
  const isErased = database.prepare(
    "SELECT 1 FROM events WHERE seq = ? AND erased_at IS NOT NULL",
  );

  function release({ id, owner, number }: Lease): boolean {
    const seq = seqOf(id);
    return seq !== undefined && Number(endLease.run(seq, owner, number).changes) > 0;
  }

  /** Writes an attempt and what becomes of it. */
  function conclude(
    place: Place,
    { startedAt, durationMs, status, error }: Attempt,
    outcome: AttemptOutcome,
    isOver: boolean,
  ): void {
    insertAttempt.run(place.seq, startedAt, Math.round(durationMs), status, error);
    const state = stateAfter(place.state, outcome.state);
    const waits = state === "waiting" && outcome.state === "waiting";
    const dueAt = waits ? Math.round(outcome.dueAt) : null;
    const attempts = states.conclude(place, state, dueAt, isOver);
    if (attempts > ATTEMPTS_KEPT) trimAttempts.run(place.seq, place.seq, ATTEMPTS_KEPT);
  }

  function completeOne({ lease, attempt, outcome }: Completion): boolean {
    const place = states.byLease(lease);
    if (place === undefined) return false;
    conclude(place, attempt, outcome, true);
    return true;
  }

  return {
    lease({ destination, limit, now, ordered, ...options }) {
      const due = ordered ? dueLeading : dueOfAll;
      const seqs = due(destination, now, Math.max(limit, OLDEST_AMONG), limit);
      return seqs.length === 0 ? [] : together.take(seqs, { now, ...options });
    },
    complete(completions) {
      const delivered = together.deliver(completions);
      return completions.map((one) => delivered.has(one) || completeOne(one));
    },
    release,
    reclaim: (owner) => Number(endLeases.run(owner).changes),
    giveUp(id, attempt) {
      const place = states.byId(id);
      if (place !== undefined) conclude(place, attempt, { state: "failed" }, false);
    },
    retry(id, now) {
      const place = states.byId(id);
      if (place === undefined || place.state === "delivered") return false;
      if (isErased.get(place.event) !== undefined) return false;
      states.move(place, "waiting", Math.min(place.dueAt ?? now, now));
      restartSchedule.run(place.seq);
      return true;
    },
    resend(id, now) {
      const place = states.byId(id);
      if (place?.state !== "delivered" || isErased.get(place.event) !== undefined) return false;
      const { destination, subject, event, payloadBytes } = place;
      const forward = { id: newDeliveryId(), destination, subject, createdAt: now };
      newForwards.insertFurther({ forward, event, payloadBytes });
      return true;
    },
    correctDueDates(destination, latest, now) {
      const earlier = Math.min(now, latest);
      const late = [latest, now, now];
      return Number(correction.run(now, destination, earlier, latest, now, ...late).changes);
    },
    cancel(id) {
      const place = states.byId(id);
      if (place === undefined || !isNotDone(place.state)) return false;
      states.move(place, "cancelled", null);
      return true;
    },
  };
}

/**
 * The oldest of those that are due go first; where very many are, the oldest among those that are
 * due for longest, so that it takes no longer the more there are.
 */
const OLDEST_AMONG = 500;

/** Takes the destination, until when and among how many, for each of them, and how many at most. */
function dueForwards(database: DatabaseSync, leads: readonly number[]): DueForwards {
  const due = leads.map((lead) =>
    `SELECT * FROM (
      SELECT seq, ready_at, created_at, id FROM forwards INDEXED BY forwards_due
      WHERE destination = ? AND state = 'waiting' AND leads = ${lead} AND ready_at <= ?
      ORDER BY ready_at, created_at, id LIMIT ?)`
  );
  const statement = database.prepare(`
    SELECT seq FROM (
      SELECT * FROM (${due.join(" UNION ALL ")}) ORDER BY ready_at, created_at, id LIMIT ?)
    ORDER BY created_at, id LIMIT ?`);
  return (destination, now, among, limit) =>
    statement.all(...leads.flatMap(() => [destination, now, among]), among, limit)
      .map((row) => integerColumn(row, "seq"));
}

type DueForwards = (
  destination: string,
  now: number,
  among: number,
  limit: number,
) => readonly number[];
