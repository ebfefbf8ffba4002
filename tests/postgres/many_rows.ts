/** A journal of many rows of each kind, over some weeks. */
import type { Database, Query } from "../../lib/journal/postgres/connection.ts";
import { makeWeeks } from "../../lib/journal/postgres/weeks.ts";
import { textOf } from "../../lib/journal/postgres/rows.ts";

/** How many of each kind. */
export const ROWS = Number(Deno.env.get("STOREHOOK_PLAN_ROWS") ?? 30_000);
/** A day. */
export const DAY_MS = 24 * 3_600_000;
const DAYS = 20;
/** When the newest came. */
export const NOW = Date.now();
/** When the oldest came. */
export const FIRST = NOW - DAYS * DAY_MS;
/** How long after each the next one came. */
export const STEP_MS = DAYS * DAY_MS / ROWS;

/** The time of a row among all. */
const AT = `(${FIRST}::bigint + n * ${DAYS * DAY_MS}::bigint / ${ROWS})`;

/**
 * Many rows, made by the database itself: what they say does not matter. Few deliveries are without
 * numbers, for those are looked through for a number.
 */
const FILL = [
  "INSERT INTO rule_sets (digest, names) VALUES ('none', '[]')",
  `INSERT INTO deliveries (id, received_at, answered_at, endpoint, kind, status, verified_by,
      request_id, remote_address, fingerprint, body_bytes, rule_set, rules, numbers, decisions,
      headers, answer, body)
    SELECT 'd' || n, ${AT}, ${AT}, '/a', 'k', 200, CASE WHEN n % 50 > 0 THEN 'key' END,
      'r' || n, '', sha256(n::text::bytea), 1, 1, '{}',
      CASE WHEN n % 1000 > 0 THEN ARRAY['o' || n] END, '[]', '[]', '', ''
    FROM generate_series(1, ${ROWS}) AS n`,
  `INSERT INTO events (id, delivery_id, endpoint, key, received_at, last_seen_at, waiting, source,
      type, subject, candidates, warnings, payload_bytes, payload)
    SELECT 'e' || n, 'd' || n, '/a', 'k' || n, ${AT}, 0, (n % 100 = 0)::int, 's', 't', 's' || n,
      '[]', CASE WHEN n % 100 = 1 THEN '["w"]' ELSE '[]' END, 0, ''
    FROM generate_series(1, ${ROWS}) AS n`,
  `INSERT INTO recent_events
      (endpoint_digest, name, subject, key, received_at, delivery_id, event_id)
    SELECT 'a', 's' || n, 's' || n, 'k' || n, ${AT}, 'd' || n, 'e' || n
    FROM generate_series(1, ${ROWS}) AS n`,
  `INSERT INTO event_names (endpoint_digest, name, seen_at)
    SELECT 'a', 's' || n, ${AT} FROM generate_series(1, ${ROWS}) AS n`,
  `INSERT INTO forwards
      (id, event, destination, subject_key, bytes, state, created_at, due_at, leads)
    SELECT 'f' || seq, seq, CASE WHEN seq % 7 = 0 THEN 'erp' ELSE 'mis' END, 's' || seq, 1,
      CASE seq % 100 WHEN 0 THEN 'waiting' WHEN 1 THEN 'failed' ELSE 'delivered' END,
      received_at, CASE WHEN seq % 100 = 0 THEN received_at END, seq % 100 = 0 FROM events`,
  `INSERT INTO forward_subjects (destination, subject_key, used_at)
    SELECT 'erp', 's' || n, ${AT} FROM generate_series(1, ${ROWS}) AS n`,
  "INSERT INTO attempts (forward, started_at, duration_ms) SELECT seq, 0, 0 FROM forwards",
  `INSERT INTO exports (token, endpoint, list_key, list_digest, external_id, versions)
    SELECT 't' || n, '/a', 'l' || n, left(encode(sha256(('l' || n)::bytea), 'hex'), 32), '', 1
    FROM generate_series(1, ${ROWS}) AS n`,
  `INSERT INTO export_versions (token, version, delivery_id, saved_at, list)
    SELECT 't' || n, 1, '', ${AT}, '' FROM generate_series(1, ${ROWS}) AS n`,
  `INSERT INTO console_audit (at, who, signed_in_by, address, action, target, result)
    SELECT ${AT}, 'ann', CASE WHEN n % 20 = 0 THEN 'nothing' ELSE 'password' END, '', 'a', '', 'ok'
    FROM generate_series(1, ${Math.min(ROWS, 200_000)}) AS n`,
  `INSERT INTO console_traffic (span, at, endpoint, result, instance, n)
    SELECT span, n * span, '/e' || n % 10, 'answered', 'i', 1
    FROM unnest(ARRAY[60000, 3600000, 86400000]::bigint[]) AS span,
      generate_series(${NOW} / span - 1500, ${NOW} / span) AS n`,
];

/**
 * Puts the rows into a journal that holds none, and has the database gather its statistics. The tables
 * are emptied within the transaction, so that nothing of it need go to the log, and get their indexes
 * afterwards.
 */
export async function fill(database: Database): Promise<void> {
  for (let day = 0; day <= DAYS; day += 7) await makeWeeks(database, FIRST + day * DAY_MS);
  await unhurried(database, async (query) => {
    // Nothing is compared with what it refers to.
    await query("SET LOCAL session_replication_role = replica");
    const indexes = await query(
      `SELECT c.relname AS name, pg_get_indexdef(c.oid) AS definition
       FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
       WHERE c.relnamespace = current_schema()::regnamespace AND NOT c.relispartition
         AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = c.oid)`,
    );
    const tables = FILL.flatMap((statement) => /^\s*INSERT INTO (\w+)/.exec(statement)?.[1] ?? []);
    await query(`TRUNCATE ${tables.join(", ")} RESTART IDENTITY`);
    for (const row of indexes) await query(`DROP INDEX ${textOf(row, "name")}`);
    for (const statement of FILL) await query(statement);
    // Of a divided table, and with it of its parts.
    for (const row of indexes) await query(textOf(row, "definition").replace(" ON ONLY ", " ON "));
  });
  await unhurried(database, async (query) => {
    // As it does by itself: of what a table is divided into, and not of the whole.
    const tables = await query(
      `SELECT relname AS name FROM pg_class
       WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'`,
    );
    await query(`ANALYZE ${tables.map((row) => textOf(row, "name")).join(", ")}`);
  });
}

/** Longer than any statement of the program may take. */
async function unhurried(database: Database, run: (query: Query) => Promise<unknown>) {
  await database.transaction(async (query) => {
    await query("SET LOCAL statement_timeout = 0");
    await run(query);
  });
}
