import type { DatabaseSync } from "node:sqlite";
import type { ForwardState, Lease } from "../../forward/outbox.ts";
import { isNotDone, WAITING_OVERHEAD_BYTES } from "../forwards.ts";
import type { Counts } from "./small_tables.ts";
import { integerColumn, nullableColumn } from "../columns.ts";
import { createIdFinder, type Row, textColumn, wholeTexts } from "./rows.ts";
import { decodeState } from "./forwards.ts";

/** Moves forwards between states; every method belongs inside a transaction. */
export interface ForwardStates {
  /** Takes those of an event, which is to be removed with them, out of the counts. */
  readonly discount: (event: number) => void;
  /** Moves a forward, and keeps right what depends on it. */
  readonly move: (forward: Place, state: ForwardState, dueAt: number | null) => void;
  /**
   * Moves a forward of which one more attempt was made, and tells how many were made then.
   *
   * @param isOver Whether its lease ends.
   */
  readonly conclude: (
    forward: Place,
    state: ForwardState,
    dueAt: number | null,
    isOver: boolean,
  ) => number;
  readonly byId: (id: string) => Place | undefined;
  /** Finds a forward where this lease of it is held. */
  readonly byLease: (lease: Lease) => Place | undefined;
  readonly ofEvent: (event: number) => readonly Place[];
}

/** A forward with what decides about its neighbours. */
export interface Place {
  readonly seq: number;
  readonly event: number;
  readonly destination: string;
  readonly subject: string;
  readonly state: ForwardState;
  readonly dueAt: number | null;
  readonly payloadBytes: number;
}

const PLACE = `
  SELECT seq, event, destination, ${wholeTexts("forwards", ["subject"])}, state, due_at,
    coalesce((SELECT payload_bytes FROM events WHERE seq = forwards.event), 0) AS payload_bytes
  FROM forwards`;

/**
 * Prepares the statements that change where forwards stand.
 *
 * @param database A database open for writing.
 * @param counts Its counts.
 * @param markLeading Marks what leads of a subject.
 * @returns What changes it.
 */
export function createForwardStates(
  database: DatabaseSync,
  counts: Counts,
  markLeading: MarkLeading,
): ForwardStates {
  const seqOf = createIdFinder(database, "forwards");
  const findBySeq = database.prepare(`${PLACE} WHERE seq = ?`);
  const findLeased = database.prepare(
    `${PLACE} WHERE seq = ? AND lease_owner = ? AND lease_number = ?`,
  );
  const findOfEvent = database.prepare(`${PLACE} WHERE event = ?`);
  const change = database.prepare(
    "UPDATE forwards SET state = ?, due_at = ?, leads = leads AND ? WHERE seq = ?",
  );
  // One update, because each writes what it changes to the indexes.
  const conclusion = database.prepare(`
    UPDATE forwards SET state = ?, due_at = ?, leads = leads AND ?, attempts = attempts + 1,
      leased_until = iif(?, 0, leased_until), lease_owner = iif(?, NULL, lease_owner)
    WHERE seq = ? RETURNING attempts`);
  const countWaiting = database.prepare("UPDATE events SET waiting = waiting + ? WHERE seq = ?");

  function count(
    { state, destination, payloadBytes }: Pick<Place, "state" | "destination" | "payloadBytes">,
    n: 1 | -1,
  ): void {
    counts.add("forwards", state, n);
    if (isNotDone(state)) counts.add(state, destination, n);
    if (state !== "waiting") return;
    counts.add("waiting bytes", destination, n * (WAITING_OVERHEAD_BYTES + payloadBytes));
  }

  /** Keeps right what depends on a forward that was moved. */
  function follow(place: Place, state: ForwardState): void {
    const { event, destination, subject, state: before } = place;
    count(place, -1);
    count({ ...place, state }, 1);
    const waits = state === "waiting";
    if (waits === (before === "waiting")) return;
    countWaiting.run(waits ? 1 : -1, event);
    markLeading(destination, subject);
  }

  return {
    discount: (event) => findOfEvent.all(event).forEach((row) => count(decodePlace(row), -1)),
    move(place, state, dueAt) {
      change.run(state, dueAt, state === "waiting" ? 1 : 0, place.seq);
      follow(place, state);
    },
    conclude(place, state, dueAt, isOver) {
      const [leads, ends] = [state === "waiting" ? 1 : 0, isOver ? 1 : 0];
      const row = conclusion.get(state, dueAt, leads, ends, ends, place.seq);
      follow(place, state);
      return integerColumn(row, "attempts");
    },
    byId(id) {
      const seq = seqOf(id);
      const row = seq === undefined ? undefined : findBySeq.get(seq);
      return row === undefined ? undefined : decodePlace(row);
    },
    byLease({ id, owner, number }) {
      const seq = seqOf(id);
      const row = seq === undefined ? undefined : findLeased.get(seq, owner, number);
      return row === undefined ? undefined : decodePlace(row);
    },
    ofEvent: (event) => findOfEvent.all(event).map(decodePlace),
  };
}

function decodePlace(row: Row): Place {
  return {
    seq: integerColumn(row, "seq"),
    event: integerColumn(row, "event"),
    destination: textColumn(row, "destination"),
    subject: textColumn(row, "subject"),
    state: decodeState(row),
    dueAt: nullableColumn(row, "due_at", integerColumn),
    payloadBytes: integerColumn(row, "payload_bytes"),
  };
}

/**
 * Prepares to mark what leads of a subject at a destination: the oldest that waits, and no other.
 *
 * @param database A database open for writing.
 * @returns What marks it after one came or went: the two oldest are all that may be marked wrongly.
 */
export function createMarkLeading(database: DatabaseSync): MarkLeading {
  const oldestTwo = database.prepare(`
    SELECT seq, leads FROM forwards INDEXED BY forwards_by_subject
    WHERE destination = ? AND subject = ? AND state = 'waiting' ORDER BY created_at, id LIMIT 2`);
  const setLeads = database.prepare("UPDATE forwards SET leads = ? WHERE seq = ?");
  return (destination, subject) => {
    for (const [index, row] of oldestTwo.all(destination, subject).entries()) {
      const leads = index === 0 ? 1 : 0;
      if (integerColumn(row, "leads") !== leads) setLeads.run(leads, integerColumn(row, "seq"));
    }
  };
}

/** Marks what leads of a subject at a destination; this belongs inside a transaction. */
export type MarkLeading = (destination: string, subject: string) => void;
