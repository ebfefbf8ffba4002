import type { DatabaseSync } from "node:sqlite";
import { notOpened } from "../errors.ts";
import { consoleTables } from "./console.ts";
import { counts } from "./counts.ts";
import { integerColumn } from "./rows.ts";

/** Marks the file as ours: the letters "SHJ1". */
export const APPLICATION_ID = 0x53484a31;

/**
 * Refuses a file that is no journal, or one of a later program.
 *
 * @param database The open database; nothing in it is changed.
 * @param path Its path, for the message.
 * @returns The version of its schema; 0 when it is empty.
 * @throws {JournalNotOpened} When this program can't use it.
 */
export function checkSchema(database: DatabaseSync, path: string): number {
  const version = integerColumn(database.prepare("PRAGMA user_version").get(), "user_version");
  const application = integerColumn(
    database.prepare("PRAGMA application_id").get(),
    "application_id",
  );
  const tables = integerColumn(
    database.prepare("SELECT count(*) AS n FROM sqlite_schema").get(),
    "n",
  );
  if (tables > 0 && application !== APPLICATION_ID) {
    throw notOpened(path, "it is another program's database");
  }
  if (version > MIGRATIONS.length) {
    throw notOpened(
      path,
      `a newer version of this program wrote it (schema ${version}, known up to ${MIGRATIONS.length})`,
    );
  }
  return version;
}

/**
 * Brings the schema up to date, each step in a transaction of its own.
 *
 * @param database A database open for writing.
 * @param version The version it has.
 * @param migrations The steps; those of this program unless given.
 */
export function migrate(
  database: DatabaseSync,
  version: number,
  migrations: readonly string[] = MIGRATIONS,
): void {
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    database.exec("BEGIN IMMEDIATE");
    try {
      database.exec(step);
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      database.exec(`PRAGMA user_version = ${index + 1}`);
      database.exec("COMMIT");
    } catch (error) {
      rollback(database);
      throw error;
    }
  }
}

/**
 * Ends a failed transaction. SQLite may have ended it already, which is fine.
 *
 * @param database The database.
 */
export function rollback(database: DatabaseSync): void {
  try {
    database.exec("ROLLBACK");
  } catch {
    // No transaction is left: that is what was wanted.
  }
}

/**
 * The first shape. `deliveries_in_order` holds all that a filter asks for, so that looking through
 * a million deliveries reads no body; `answer` and `body` stand last in the row for the same reason.
 */
const deliveriesAndExports = `
  CREATE TABLE rule_sets (seq INTEGER PRIMARY KEY, names TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    received_at INTEGER NOT NULL,
    answered_at INTEGER NOT NULL,
    endpoint TEXT NOT NULL,
    kind TEXT NOT NULL,
    status INTEGER NOT NULL,
    verified_by TEXT,
    request_id TEXT NOT NULL,
    remote_address TEXT NOT NULL,
    note TEXT,
    repeat_of TEXT,
    erased_at INTEGER,
    fingerprint BLOB,
    body_bytes INTEGER NOT NULL,
    rule_set INTEGER NOT NULL,
    decisions TEXT NOT NULL,
    headers TEXT NOT NULL,
    answer BLOB NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX deliveries_in_order
    ON deliveries (received_at, id, endpoint, kind, status, verified_by);
  CREATE INDEX deliveries_by_content ON deliveries (fingerprint) WHERE fingerprint IS NOT NULL;
  CREATE INDEX deliveries_refused ON deliveries (verified_by) WHERE verified_by IS NULL;

  CREATE TABLE exports (
    seq INTEGER PRIMARY KEY,
    endpoint TEXT NOT NULL,
    list_key TEXT NOT NULL,
    external_id TEXT NOT NULL,
    token TEXT NOT NULL UNIQUE,
    versions INTEGER NOT NULL DEFAULT 0,
    UNIQUE (endpoint, list_key)
  ) STRICT;
  CREATE TABLE export_versions (
    seq INTEGER PRIMARY KEY,
    token TEXT NOT NULL,
    version INTEGER NOT NULL,
    delivery_id TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    list BLOB NOT NULL,
    UNIQUE (token, version)
  ) STRICT;
  CREATE INDEX export_versions_in_order ON export_versions (saved_at);

  CREATE TABLE probes (seq INTEGER PRIMARY KEY, filler BLOB NOT NULL) STRICT;
`;

/**
 * Events and forwards. `events_in_order` holds all that a filter asks for but the text; of a
 * million forwards that are done, no index that `lease()` or `counts()` reads holds any.
 *
 * - `events.key` is NULL once erased; `past_keys` are those of events that are no longer kept.
 * - `events.waiting` counts the forwards that wait: while there are any, the event stays.
 * - `forwards.leads` marks the oldest of those that wait at a destination with the same subject.
 */
const eventsAndOutbox = `
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    delivery_id TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    key TEXT,
    received_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    duplicates INTEGER NOT NULL DEFAULT 0,
    waiting INTEGER NOT NULL,
    erased_at INTEGER,
    source TEXT NOT NULL,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    occurred_at INTEGER,
    candidates TEXT NOT NULL,
    warnings TEXT NOT NULL,
    with_warnings INTEGER AS (warnings <> '[]') VIRTUAL,
    payload_bytes INTEGER NOT NULL,
    payload BLOB NOT NULL,
    UNIQUE (endpoint, key)
  ) STRICT;
  CREATE INDEX events_in_order
    ON events (received_at, id, endpoint, source, type, subject, with_warnings);
  CREATE INDEX events_with_warnings ON events (received_at) WHERE with_warnings = 1;
  CREATE INDEX events_done ON events (received_at) WHERE waiting = 0;

  CREATE TABLE past_keys (
    seq INTEGER PRIMARY KEY,
    endpoint TEXT NOT NULL,
    key TEXT NOT NULL,
    last_seen_at INTEGER NOT NULL,
    UNIQUE (endpoint, key)
  ) STRICT;
  CREATE INDEX past_keys_in_order ON past_keys (last_seen_at);

  CREATE TABLE forwards (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    event INTEGER NOT NULL REFERENCES events (seq) ON DELETE CASCADE,
    destination TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    due_at INTEGER,
    leased_until INTEGER NOT NULL DEFAULT 0,
    ready_at INTEGER AS (max(due_at, leased_until)) VIRTUAL,
    leads INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX forwards_of_event ON forwards (event, destination);
  CREATE INDEX forwards_in_order ON forwards (created_at, id, destination, state);
  CREATE INDEX forwards_not_done
    ON forwards (created_at, id, destination, state) WHERE state IN ('waiting', 'failed');
  CREATE INDEX forwards_due
    ON forwards (destination, ready_at, created_at, id) WHERE state = 'waiting';
  CREATE INDEX forwards_due_leading
    ON forwards (destination, ready_at, created_at, id) WHERE state = 'waiting' AND leads = 1;
  CREATE INDEX forwards_by_subject
    ON forwards (destination, subject, created_at, id) WHERE state = 'waiting';

  CREATE TABLE attempts (
    seq INTEGER PRIMARY KEY,
    forward INTEGER NOT NULL REFERENCES forwards (seq) ON DELETE CASCADE,
    started_at INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    status INTEGER,
    error TEXT
  ) STRICT;
  CREATE INDEX attempts_of_forward ON attempts (forward, seq);
`;

/** Destinations that get nothing until somebody enables them; every other one has no row. */
const disabledDestinations = `
  CREATE TABLE disabled_destinations (
    destination TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    reason TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/**
 * What the rule for repeats knows of events that came lately, also when they are no longer kept.
 *
 * - `subject` is NULL where an older program forgot it with the event.
 * - `key` is NULL once a person was erased from the event.
 * - `content` is a hash of the content where `key` is the sender's own, `''` where that was not
 *   known when it was written; NULL where `key` is such a hash itself.
 *
 * A key may now stand in `events` more than once. The first has it as it is, every further one with
 * a line feed and its own id behind it.
 */
const recentEvents = `
  CREATE TABLE recent_events (
    seq INTEGER PRIMARY KEY,
    endpoint TEXT NOT NULL,
    subject TEXT,
    key TEXT,
    content TEXT,
    received_at INTEGER NOT NULL,
    delivery_id TEXT NOT NULL,
    event_id TEXT NOT NULL
  ) STRICT;
  CREATE INDEX recent_events_of_subject ON recent_events (endpoint, subject);
  CREATE INDEX recent_events_by_key ON recent_events (endpoint, key) WHERE content IS NOT NULL;

  INSERT INTO recent_events (endpoint, key, content, received_at, delivery_id, event_id)
    SELECT endpoint, key,
      CASE WHEN length(key) = 64 AND key NOT GLOB '*[^0-9a-f]*' THEN key ELSE '' END,
      last_seen_at, '', ''
    FROM past_keys ORDER BY last_seen_at, seq;
  INSERT INTO recent_events (endpoint, subject, key, content, received_at, delivery_id, event_id)
    SELECT endpoint, subject, key,
      CASE WHEN length(key) = 64 AND key NOT GLOB '*[^0-9a-f]*' THEN key ELSE '' END,
      last_seen_at, delivery_id, id
    FROM events
    WHERE key IS NOT NULL AND
      last_seen_at > (SELECT max(last_seen_at) FROM events) - 172800000
    ORDER BY last_seen_at, seq;
  DROP TABLE past_keys;
`;

/** What is known of the clock: see `lib/journal/clock_watch.ts`. One row, or none. */
const clock = `
  CREATE TABLE clock (
    seq INTEGER PRIMARY KEY CHECK (seq = 1),
    trusted_at INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL
  ) STRICT;
`;

/**
 * What was delivered can be sent again, as a further forward of the same event to the same
 * destination. `attempts_before` counts the attempts before somebody started the schedule anew.
 * Destinations that asked for a rest have a row while it lasts.
 */
const sentAgain = `
  ALTER TABLE forwards ADD COLUMN attempts_before INTEGER NOT NULL DEFAULT 0;
  DROP INDEX forwards_of_event;
  CREATE INDEX forwards_of_event ON forwards (event, destination);
  CREATE TABLE paused_destinations (
    destination TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    status INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/**
 * A lease has an owner and a number, so that whoever lost it can be told. What an older program had
 * taken is free: it is gone, for only one at a time has the file.
 */
const leases = `
  ALTER TABLE forwards ADD COLUMN lease_owner TEXT;
  ALTER TABLE forwards ADD COLUMN lease_number INTEGER NOT NULL DEFAULT 0;
  UPDATE forwards SET leased_until = 0 WHERE state = 'waiting' AND leased_until > 0;
`;

/** When a list of rules was used last, so that it goes when the deliveries that it decided are gone. */
const ruleSetsUsed = `
  ALTER TABLE rule_sets ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
  UPDATE rule_sets SET used_at = (SELECT coalesce(max(received_at), 0) FROM deliveries);
  CREATE INDEX rule_sets_by_use ON rule_sets (used_at);
`;

/**
 * Every step from an empty file to the present schema. Steps are only ever added at the end.
 * `tests/fixtures/journal-0.1.0` is a journal as version 0.1.0 left it, with the first three:
 * `tests/lib/journal/sqlite/upgrade_test.ts` holds that all of it is kept.
 */
export const MIGRATIONS: readonly string[] = [
  deliveriesAndExports,
  eventsAndOutbox,
  disabledDestinations,
  recentEvents,
  counts,
  clock,
  sentAgain,
  leases,
  ruleSetsUsed,
  consoleTables,
];
