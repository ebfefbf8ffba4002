import type { DatabaseSync } from "node:sqlite";
import type { ForwardState } from "../../../forward/outbox.ts";
import { integer, nullable, type Row, text, wholeTexts } from "../columns.ts";
import { decodeState, type ForwardToInsert } from "./forward_row.ts";

/** Inserts forwards and moves them between states; every method belongs inside a transaction. */
export interface ForwardStates {
  readonly insert: (event: number, forward: ForwardToInsert) => void;
  /** Inserts a further forward of an event that is there already. */
  readonly insertFurther: (event: number, forward: ForwardToInsert) => void;
  /** Moves a forward, and keeps right what depends on it. */
  readonly move: (forward: Place, state: ForwardState, dueAt: number | null) => void;
  readonly byId: (id: string) => Place | undefined;
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
}

const PLACE = `
  SELECT seq, event, destination, ${
  wholeTexts("forwards", ["subject"])
}, state, due_at FROM forwards`;

/**
 * Prepares the statements that change where forwards stand.
 *
 * @param database A database open for writing.
 * @returns What changes it.
 */
export function createForwardStates(database: DatabaseSync): ForwardStates {
  const insertion = database.prepare(`
    INSERT INTO forwards (id, event, destination, subject, created_at, due_at, leads)
    VALUES (?, ?, ?, ?, ?, ?, NOT EXISTS (
      SELECT 1 FROM forwards WHERE destination = ? AND subject = ? AND state = 'waiting'))
    RETURNING leads`);
  const findById = database.prepare(`${PLACE} WHERE id = ?`);
  const findOfEvent = database.prepare(`${PLACE} WHERE event = ?`);
  const change = database.prepare(
    "UPDATE forwards SET state = ?, due_at = ?, leads = leads AND ? WHERE seq = ?",
  );
  const countWaiting = database.prepare("UPDATE events SET waiting = waiting + ? WHERE seq = ?");
  const oldestTwo = database.prepare(`
    SELECT seq, leads FROM forwards INDEXED BY forwards_by_subject
    WHERE destination = ? AND subject = ? AND state = 'waiting' ORDER BY created_at, id LIMIT 2`);
  const setLeads = database.prepare("UPDATE forwards SET leads = ? WHERE seq = ?");

  /** After one came or went, the two oldest are all that may be marked wrongly. */
  function markLeading(destination: string, subject: string): void {
    for (const [index, row] of oldestTwo.all(destination, subject).entries()) {
      const leads = index === 0 ? 1 : 0;
      if (integer(row, "leads") !== leads) setLeads.run(leads, integer(row, "seq"));
    }
  }

  const insert: ForwardStates["insert"] = (event, { id, destination, subject, createdAt }) => {
    const values = [id, event, destination, subject, createdAt, createdAt, destination, subject];
    const row = insertion.get(...values);
    if (integer(row, "leads") === 0) markLeading(destination, subject);
  };

  return {
    insert,
    insertFurther(event, forward) {
      insert(event, forward);
      countWaiting.run(1, event);
    },
    move({ seq, event, destination, subject, state: before }, state, dueAt) {
      const waits = state === "waiting";
      change.run(state, dueAt, waits ? 1 : 0, seq);
      if (waits === (before === "waiting")) return;
      countWaiting.run(waits ? 1 : -1, event);
      markLeading(destination, subject);
    },
    byId(id) {
      const row = findById.get(id);
      return row === undefined ? undefined : decodePlace(row);
    },
    ofEvent: (event) => findOfEvent.all(event).map(decodePlace),
  };
}

function decodePlace(row: Row): Place {
  return {
    seq: integer(row, "seq"),
    event: integer(row, "event"),
    destination: text(row, "destination"),
    subject: text(row, "subject"),
    state: decodeState(row),
    dueAt: nullable(row, "due_at", integer),
  };
}
