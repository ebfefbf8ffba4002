import { assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";

/** What must find nothing in a journal, whatever happened to it. */
const CONTRADICTIONS = [
  "PRAGMA foreign_key_check",
  "SELECT id FROM forwards WHERE event NOT IN (SELECT seq FROM events)",
  "SELECT seq FROM attempts WHERE forward NOT IN (SELECT seq FROM forwards)",
  `SELECT id FROM events WHERE waiting <>
    (SELECT count(*) FROM forwards WHERE event = events.seq AND state = 'waiting')`,
  "SELECT id FROM forwards WHERE (due_at IS NULL) <> (state <> 'waiting')",
  `SELECT id FROM forwards AS one WHERE state = 'waiting' AND leads = EXISTS (
    SELECT 1 FROM forwards AS other WHERE other.state = 'waiting' AND
      (other.destination, other.subject) = (one.destination, one.subject) AND
      (other.created_at, other.id) < (one.created_at, one.id))`,
  `SELECT event_id FROM recent_events JOIN events ON events.id = event_id
    WHERE recent_events.key <> substr(events.key || char(10), 1, length(recent_events.key))`,
];

/** Checks that nothing in the outbox contradicts anything else. */
export function checkOutbox(path: string): void {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    for (const contradiction of CONTRADICTIONS) {
      assertEquals([contradiction, database.prepare(contradiction).all()], [contradiction, []]);
    }
    const { integrity_check: integrity } = database.prepare("PRAGMA integrity_check").get() ?? {};
    assertEquals(integrity, "ok");
  } finally {
    database.close();
  }
}
