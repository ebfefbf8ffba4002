import { assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";

/** Up to which key deliveries stand in the list. */
const LISTED = "(SELECT n FROM counts WHERE name = 'listed')";

/** What stands in the list, of each of these. */
const LIST = "received_at, id, seq, endpoint, kind, status, verified_by, content";

/** Every count anew. */
const RECOUNT = `
  SELECT 'deliveries' AS kind, 'accepted' AS name, count(*) AS n
    FROM deliveries WHERE verified_by IS NOT NULL AND seq <= ${LISTED}
  UNION ALL SELECT 'deliveries', 'refused', count(*)
    FROM deliveries WHERE verified_by IS NULL AND seq <= ${LISTED}
  UNION ALL SELECT 'events', 'all', count(*) FROM events
  UNION ALL SELECT 'events', 'with warnings', total(with_warnings) FROM events
  UNION ALL SELECT 'exports', 'all', count(*) FROM exports
  UNION ALL SELECT 'forwards', state, count(*) FROM forwards GROUP BY state
  UNION ALL SELECT state, destination, count(*)
    FROM forwards WHERE state IN ('waiting', 'failed') GROUP BY state, destination
  UNION ALL SELECT 'waiting bytes', destination, total(1024 + length(payload))
    FROM forwards JOIN events ON events.seq = event WHERE state = 'waiting' GROUP BY destination`;

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
    WHERE recent_events.key <> events.key`,
  `SELECT * FROM (${RECOUNT}) AS recount FULL JOIN counts USING (kind, name)
    WHERE coalesce(counts.n, 0) <> coalesce(recount.n, 0) AND name NOT IN ('listed', 'seed')`,
  `SELECT ${LIST}, numbers IS NOT NULL FROM deliveries WHERE seq <= ${LISTED}
    EXCEPT SELECT ${LIST}, numbered FROM delivery_list`,
  `SELECT ${LIST}, numbered FROM delivery_list
    EXCEPT SELECT ${LIST}, numbers IS NOT NULL FROM deliveries`,
  `SELECT value, seq FROM deliveries, json_each(numbers) WHERE seq <= ${LISTED}
    EXCEPT SELECT number, seq FROM delivery_numbers`,
  `SELECT number, seq FROM delivery_numbers
    EXCEPT SELECT value, seq FROM deliveries, json_each(numbers)`,
  `SELECT id FROM deliveries AS one WHERE seq > ${LISTED} AND (unlisted, unlisted_refused) <> (
    SELECT count(*), count(*) FILTER (WHERE verified_by IS NULL)
    FROM deliveries WHERE seq > ${LISTED} AND seq <= one.seq)`,
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
